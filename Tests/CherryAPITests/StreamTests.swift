import CherryBridge
import CherryCore
import CherryTesting
import CherryVault
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import CherryAPI

@Suite("Turns and event streams")
struct StreamTests {
    private static let head = "GET PATH HTTP/1.1\r\nHost: localhost\r\nCookie: COOKIE\r\n"

    /// Opens a stream over a connection of its own.
    private static func open<Value: Sendable>(
        _ path: String,
        _ visitor: Visitor,
        headers: String = "",
        _ body: (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        try await RawConnection.open(to: try #require(visitor.client.port)) { connection in
            let request = Self.head.replacing("PATH", with: path).replacing("COOKIE", with: visitor.cookieValue ?? "")
            try await connection.send("\(request)\(headers)\r\n")
            return try await body(&connection)
        }
    }

    private static func send(_ visitor: Visitor, in conversation: String, _ content: String) async throws -> Answer {
        try await visitor.call(
            .post,
            "/api/v1/conversations/\(conversation)/turns",
            ["kind": "send", "messageID": .string(RecordID.make().description), "content": .string(content)]
        )
    }

    /// The events of a text, in order: id, kind and data.
    private static func events(_ text: String) -> [(id: String, kind: String, data: JSONValue)] {
        text.replacing("\r\n", with: "\n").components(separatedBy: "\n\n").compactMap { block in
            var fields: [String: String] = [:]
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, !parts[0].isEmpty else { continue }
                fields[String(parts[0].suffix(5))] = parts[1].trimmingCharacters(in: .whitespaces)
            }
            guard let kind = fields["event"], let data = fields["data"] else { return nil }
            let json = (try? JSONDecoder().decode(JSONValue.self, from: Data(data.utf8))) ?? .null
            return (fields["id"] ?? "", kind, json)
        }
    }

    /// Asks until the server has let go of every stream; it is told of a closed connection by the system, some time.
    private static func waitForNoStreams(_ visitor: Visitor) async throws {
        for _ in 0..<20_000 {
            if try await visitor.call(.get, "/api/v1/system")["streams"] == 0 { return }
        }
        Issue.record("the stream of a client that has gone is still open")
    }

    @Test("A message is sent once however often, and the finished reply is read from anywhere")
    func turn() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let conversation = try await visitor.makeConversation()["id"].text
            let body: JSONValue = [
                "kind": "send", "messageID": "01890000-0000-7000-8000-00000000abcd", "parentID": .null,
                "content": "Hello",
            ]
            let path = "/api/v1/conversations/\(conversation)/turns"
            let first = try await visitor.call(.post, path, body)
            #expect(first.status == .accepted)
            #expect(first["user"]["value"]["content"] == "Hello")
            #expect(first["reply"]["value"]["state"] == "streaming")
            let reply = first["reply"]["id"].text
            let whole = try await visitor.call(.get, "/api/v1/messages/\(reply)/events")
            #expect(whole.headers[.contentType] == "text/event-stream")
            #expect(whole.headers[.cacheControl] == "no-store")
            #expect(whole.headers[HTTPField.Name("X-Accel-Buffering")!] == "no")
            let events = Self.events(whole.text)
            #expect(events.filter { $0.kind == "text" }.map { $0.data["text"].text }.joined() == "ok")
            #expect(events.last?.kind == "end")
            #expect(events.last?.data["value"]["state"] == "complete")
            #expect(events.last?.id == "2.0")
            let rest = try await visitor.call(
                .get,
                "/api/v1/messages/\(reply)/events",
                headers: [HTTPField.Name("Last-Event-ID")!: "1.0"]
            )
            #expect(Self.events(rest.text).first { $0.kind == "text" }?.data == ["text": "k", "at": 1])
            let done = try await visitor.call(.get, "/api/v1/messages/\(reply)/events?after=2.0")
            #expect(Self.events(done.text).filter { $0.kind != "notice" }.map(\.kind) == ["end"])

            let again = try await visitor.call(.post, path, body)
            #expect(again["reply"]["id"].text == reply)
            let messages = try await visitor.call(.get, "/api/v1/conversations/\(conversation)/messages")
            #expect(messages["items"].items.map { $0["value"]["content"].text } == ["Hello", "ok"])
            #expect(messages["leaf"].text == reply)

            let other = try await visitor.call(
                .post,
                path,
                ["kind": "regenerate", "parentID": first["user"]["id"]]
            )
            #expect(other.status == .accepted)
            _ = try await visitor.call(.get, "/api/v1/messages/\(other["reply"]["id"].text)/events")
            let branched = try await visitor.call(.get, "/api/v1/conversations/\(conversation)/messages")
            let branches = branched["branches"][other["reply"]["id"].text].items.map(\.text)
            #expect(branches == [reply, other["reply"]["id"].text])
        }
    }

    @Test(
        "A turn that cannot be is refused",
        arguments: [
            (["kind": "send", "messageID": "01890000-0000-7000-8000-00000000abcd"], 422),
            (["kind": "send", "messageID": "01890000-0000-7000-8000-00000000abcd", "content": ""], 422),
            (["kind": "send", "messageID": "x", "content": "a"], 422), (["kind": "other"], 422), ([:], 422),
            (["kind": "regenerate"], 422), (["kind": "regenerate", "parentID": .null], 422),
            (["kind": "regenerate", "parentID": "01890000-0000-7000-8000-00000000abcd", "content": "a"], 422),
            (["kind": "regenerate", "parentID": "01890000-0000-7000-8000-00000000abcd"], 404),
            (
                [
                    "kind": "send", "messageID": "01890000-0000-7000-8000-00000000abcd", "content": "a",
                    "parentID": "01890000-0000-7000-8000-00000000abce",
                ], 404
            ),
        ] as [(JSONValue, Int)]
    )
    func badTurns(body: JSONValue, status: Int) async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let conversation = try await visitor.makeConversation()["id"].text
            let before = try await stage.recordCount()
            let answer = try await visitor.call(.post, "/api/v1/conversations/\(conversation)/turns", body)
            #expect(answer.status.code == status)
            #expect(try await stage.recordCount() == before)
        }
    }

    @Test("An event id that is none is refused", arguments: ["x", "1", "1.2.3", "-1.0"])
    func badEventIDs(id: String) async throws {
        try await Stage().runUnlocked { visitor in
            let conversation = try await visitor.makeConversation()["id"].text
            let reply = try await Self.send(visitor, in: conversation, "Hello")["reply"]["id"].text
            let path = "/api/v1/messages/\(reply)/events"
            #expect(try await visitor.call(.get, "\(path)?after=\(id)").status == .badRequest)
            let answer = try await visitor.call(.get, path, headers: [HTTPField.Name("Last-Event-ID")!: id])
            #expect(answer.status == .badRequest && answer.code == "invalidEventID")
        }
    }

    @Test("Text is sent as it comes, with a sign of life in silence, and stopping ends it")
    func live() async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let script = stage.model.script()
            let conversation = try await visitor.makeConversation()["id"].text
            let reply = try await Self.send(visitor, in: conversation, "Hello")["reply"]["id"].text
            try await Self.open("/api/v1/messages/\(reply)/events", visitor) { connection in
                script.yield(.event(.reasoning("hm")))
                _ = try await connection.read(until: "\"hm\"")
                script.yield(.event(.text("Grüße ")))
                _ = try await connection.read(until: "Grüße ")
                await stage.timer.waitForSleeper(of: .seconds(15))
                stage.timer.advance(by: .seconds(15))
                _ = try await connection.read(until: ": ping")
                #expect(try await visitor.call(.get, "/api/v1/system")["streams"] == 1)
                #expect(try await visitor.call(.post, "/api/v1/messages/\(reply)/stop").status == .noContent)
                let text = try await connection.read(until: "event: end")
                let whole = try await connection.readToEnd()
                #expect(whole.hasPrefix(text))
                let events = Self.events(whole)
                #expect(events.first { $0.kind == "reasoning" }?.data == ["text": "hm", "at": 0])
                #expect(events.first { $0.kind == "text" }?.id == "8.2")
                #expect(events.last?.data["value"]["state"] == "stopped")
                #expect(events.last?.data["value"]["content"] == "Grüße ")
            }
            script.finish()
        }
    }

    @Test("A client that goes away is let go at once; the reply goes on")
    func disconnect() async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let script = stage.model.script()
            let conversation = try await visitor.makeConversation()["id"].text
            let reply = try await Self.send(visitor, in: conversation, "Hello")["reply"]["id"].text
            script.yield(.event(.text("one")))
            try await Self.open("/api/v1/messages/\(reply)/events", visitor) { connection in
                _ = try await connection.read(until: "\"one\"")
                #expect(try await visitor.call(.get, "/api/v1/system")["streams"] == 1)
            }
            try await Self.waitForNoStreams(visitor)
            script.yield(.event(.text(" two")))
            script.yield(.end)
            let rest = try await Self.open(
                "/api/v1/messages/\(reply)/events",
                visitor,
                headers: "Last-Event-ID: 3.0\r\n"
            ) { try await $0.readToEnd() }
            #expect(Self.events(rest).filter { $0.kind == "text" }.map { $0.data["text"].text }.joined() == " two")
        }
    }

    @Test("A lock ends every stream, and says so")
    func lock() async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let script = stage.model.script()
            let conversation = try await visitor.makeConversation()["id"].text
            let reply = try await Self.send(visitor, in: conversation, "Hello")["reply"]["id"].text
            script.yield(.event(.text("one")))
            let feed = try await Self.open("/api/v1/events", visitor) { feed in
                _ = try await feed.read(until: "event: change")
                let text = try await Self.open("/api/v1/messages/\(reply)/events", visitor) { connection in
                    _ = try await connection.read(until: "\"one\"")
                    stage.vault.lock()
                    return try await connection.readToEnd()
                }
                #expect(Self.events(text).last?.kind == "lock")
                return try await feed.readToEnd()
            }
            #expect(Self.events(feed).last?.kind == "lock")
            #expect(Self.events(feed).last?.data == [:])
            script.finish()
        }
    }

    @Test("The end of a session ends its streams and no others")
    func revoked() async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let other = visitor.another()
            let theirs = try await other.unlock()["session"]["id"].text
            try await Self.open("/api/v1/events", visitor) { mine in
                _ = try await mine.read(until: "event: change")
                let text = try await Self.open("/api/v1/events", other) { connection in
                    _ = try await connection.read(until: "event: change")
                    #expect(try await visitor.call(.delete, "/api/v1/sessions/\(theirs)").status == .noContent)
                    return try await connection.readToEnd()
                }
                #expect(!Self.events(text).contains { $0.kind == "lock" })
                #expect(try await visitor.call(.get, "/api/v1/system")["streams"] == 1)
                let made = try await visitor.makeConversation()
                let position = made["position"].number
                let seen = try await mine.read(until: "{\"position\":\(position)}")
                #expect(seen.contains("id: \(position)\nevent: change\n"))
            }
        }
    }

    @Test("Nobody opens more streams than there is room for")
    func limit() async throws {
        let stage = try Stage { $0.limits.streams = 1 }
        try await stage.runUnlocked(.live) { visitor in
            try await Self.open("/api/v1/events", visitor) { connection in
                _ = try await connection.read(until: "event: change")
                let answer = try await visitor.call(.get, "/api/v1/events")
                #expect(answer.status == .tooManyRequests && answer.code == "tooManyStreams")
            }
        }
    }
}
