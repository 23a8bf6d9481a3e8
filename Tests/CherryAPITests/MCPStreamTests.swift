import CherryBridge
import CherryCore
import CherryStore
import CherryTesting
import CherryVault
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import CherryAPI

@Suite("Streams of the Model Context Protocol")
struct MCPStreamTests {
    /// Sends a request over a connection of its own and reads from it as it likes.
    private static func open<Value: Sendable>(
        _ visitor: Visitor,
        _ method: String = "POST",
        _ message: JSONValue? = nil,
        headers: HTTPFields = [:],
        token: String = "write",
        _ body: (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        try await RawConnection.open(to: try #require(visitor.client.port)) { connection in
            var text = "\(method) /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n"
            text += "Accept: application/json, text/event-stream\r\n"
            for field in headers { text += "\(field.name): \(field.value)\r\n" }
            let bytes = message?.bytes ?? []
            if message != nil { text += "Content-Type: application/json\r\nContent-Length: \(bytes.count)\r\n" }
            try await connection.send("\(text)\r\n\(String(decoding: bytes, as: UTF8.self))")
            return try await body(&connection)
        }
    }

    /// The messages of a stream, each with its event id.
    private static func messages(_ text: String) -> [(id: String?, message: JSONValue)] {
        text.replacing("\r\n", with: "\n").components(separatedBy: "\n").reduce(into: []) { found, line in
            if line.hasPrefix("id: ") {
                found.append((String(line.dropFirst(4)), .null))
            } else if line.hasPrefix("data: "), let json = try? JSONValue(parsing: String(line.dropFirst(6))) {
                if let last = found.last, last.message.isNull, last.id != nil {
                    found[found.count - 1].message = json
                } else {
                    found.append((nil, json))
                }
            }
        }
    }

    private static func ask(_ id: JSONValue = 7, modern: Bool = false) -> JSONValue {
        var meta: JSONValue = modern ? Visitor.modernMeta : [:]
        meta["progressToken"] = "p"
        return Visitor.request(
            "tools/call",
            ["name": "ask", "arguments": ["question": "Why?", "use_context": false], "_meta": meta],
            id: id
        )
    }

    private static let modernAsk: HTTPFields = [
        Visitor.versionHeader: "2026-07-28", Visitor.methodHeader: "tools/call", Visitor.nameHeader: "ask",
    ]

    @Test("An answer of a model streams its progress, then the result; with ids only where they can be used")
    func progress() async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let session = try await visitor.beginMCP("2025-06-18")
            for (headers, modern) in [(session, false), (Self.modernAsk, true)] {
                let script = stage.model.script()
                let text = try await Self.open(visitor, Self.ask(modern: modern), headers: headers) { connection in
                    script.yield(.event(.text("Be")))
                    _ = try await connection.read(until: "\"progress\":2")
                    script.yield(.event(.text("cause")))
                    script.yield(.end)
                    return try await connection.read(until: "\"structuredContent\"")
                }
                #expect(text.contains("text/event-stream"))
                #expect(text.contains("X-Accel-Buffering: no"))
                let messages = Self.messages(text)
                #expect(messages.allSatisfy { ($0.id == nil) == modern })
                #expect(messages.first?.message["method"] == "notifications/progress")
                #expect(messages.first?.message["params"]["progressToken"] == "p")
                #expect(messages.last?.message["id"] == 7)
                #expect(messages.last?.message["result"]["structuredContent"]["answer"] == "Because")
            }
        }
    }

    @Test("Closing the stream of a request that stands alone ends the model's work")
    func disconnect() async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let script = stage.model.script()
            try await Self.open(visitor, Self.ask(modern: true), headers: Self.modernAsk) { connection in
                script.yield(.event(.text("Be")))
                _ = try await connection.read(until: "\"progress\":2")
            }
            await stage.model.waitForCancellation()
        }
    }

    @Test("In a session a broken connection ends nothing; who comes back gets what was missed, from where it broke")
    func resumption() async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let session = try await visitor.beginMCP()
            let script = stage.model.script()
            let first = try await Self.open(visitor, Self.ask(), headers: session) { connection in
                script.yield(.event(.text("Be")))
                return try await connection.read(until: "\"progress\":2")
            }
            let seen = Self.messages(first)
            #expect(seen.first?.id?.hasSuffix("--1") == true)
            let last = try #require(seen.last?.id)
            script.yield(.event(.text("cause")))
            script.yield(.end)
            var headers = session
            headers[.lastEventID] = last
            let rest = try await Self.open(visitor, "GET", headers: headers) { connection in
                try await connection.read(until: "\"structuredContent\"")
            }
            let messages = Self.messages(rest)
            #expect(messages.map { $0.message["params"]["progress"].number }.first == 7)
            #expect(messages.last?.message["result"]["structuredContent"]["answer"] == "Because")
            headers[.lastEventID] = "99-0"
            let gone = try await Self.open(visitor, "GET", headers: headers) { connection in
                try await connection.read(until: "\r\n\r\n")
            }
            #expect(gone.hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test("A cancelled request of a session is never answered, and the model stops")
    func cancelled() async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let session = try await visitor.beginMCP()
            let script = stage.model.script()
            let text = try await Self.open(visitor, Self.ask(), headers: session) { connection in
                script.yield(.event(.text("Be")))
                _ = try await connection.read(until: "\"progress\":2")
                let cancel: JSONValue = [
                    "jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 7],
                ]
                #expect(try await visitor.mcp(cancel, headers: session).status == .accepted)
                await stage.model.waitForCancellation()
                return try await connection.readToEnd()
            }
            #expect(Self.messages(text).allSatisfy { $0.message["method"] != .null || $0.message.isNull })
        }
    }

    @Test("A changed persona is told to whoever listens, in both ways of listening; a lock ends them")
    func changes() async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let session = try await visitor.beginMCP()
            let listen: JSONValue = Visitor.request(
                "subscriptions/listen",
                ["notifications": ["promptsListChanged": true], "_meta": Visitor.modernMeta],
                id: "sub"
            )
            let headers: HTTPFields = [
                Visitor.versionHeader: "2026-07-28", Visitor.methodHeader: "subscriptions/listen",
            ]
            try await Self.open(visitor, listen, headers: headers) { modern in
                _ = try await modern.read(until: "subscriptions/acknowledged")
                let older = try await Self.open(visitor, "GET", headers: session) { older in
                    _ = try await older.read(until: ": ping")
                    _ = try await visitor.call(.post, "/api/v1/personas", ["name": "First"])
                    _ = try await visitor.call(.post, "/api/v1/personas", ["name": "Second"])
                    _ = try await modern.read(until: "prompts/list_changed")
                    _ = try await older.read(until: "prompts/list_changed")
                    stage.vault.lock()
                    return try await older.readToEnd()
                }
                #expect(
                    Self.messages(older).map { $0.message["method"].text }.contains(
                        "notifications/resources/list_changed"
                    )
                )
                let all = Self.messages(try await modern.readToEnd())
                #expect(all.first?.message["params"]["notifications"] == ["promptsListChanged": true])
                #expect(all[1].message["params"]["_meta"] == ["io.modelcontextprotocol/subscriptionId": "sub"])
                #expect(all.last?.message["id"] == "sub")
                #expect(all.last?.message["result"]["resultType"] == "complete")
            }
        }
    }

    @Test("A token that is taken back ends its streams at the next sign of life")
    func revoked() async throws {
        let stage = try Stage()
        try await stage.runUnlocked(.live) { visitor in
            let session = try await visitor.beginMCP(token: "read")
            try await Self.open(visitor, "GET", headers: session, token: "read") { connection in
                _ = try await connection.read(until: ": ping")
                stage.tokens.revoke("read")
                await stage.timer.waitForSleeper(of: .seconds(15))
                stage.timer.advance(by: .seconds(15))
                _ = try await connection.readToEnd()
            }
            let answer = try await visitor.mcp(Visitor.request("ping"), token: "read", headers: session)
            #expect(answer.status == .unauthorized)
        }
    }
}

extension MCPStreamTests {
    private static func open<Value: Sendable>(
        _ visitor: Visitor,
        _ message: JSONValue,
        headers: HTTPFields,
        _ body: (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        try await Self.open(visitor, "POST", message, headers: headers, body)
    }
}
