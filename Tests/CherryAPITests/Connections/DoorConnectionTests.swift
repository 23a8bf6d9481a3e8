import CherryTesting
import Foundation
import HummingbirdTesting
import NIOCore
import Testing

@testable import CherryAPI

@Suite("Connections of the doors")
struct DoorConnectionTests {
    private static func body(_ words: String = "Hello", streamed: Bool = false) -> String {
        #"{"model":"acme/m","stream":\#(streamed),"messages":[{"role":"user","content":"\#(words)"}]}"#
    }

    private static func post(_ tool: Tool, _ body: String, _ fields: String = "") -> String {
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(tool.token)\r\n"
            + "Content-Type: application/json\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func request(_ tool: Tool, _ fields: String = "") -> String {
        Self.post(tool, Self.body(), fields)
    }

    private static let alive = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// Runs a bare connection to a server whose provider answers at once.
    private static func with(
        _ body: @escaping @Sendable (Tool, inout RawConnection) async throws -> Void
    ) async throws {
        try await ScriptedHTTPServer.with { request in
            String(decoding: request.body, as: UTF8.self).contains(#""stream":true"#)
                ? [.eventStream, .text(Script.events + Script.usage + Script.done)]
                : [.whole(200, Script.whole), .keepAlive]
        } _: { server in
            try await Stage().runUnlocked(.live) { visitor in
                try await visitor.stage.add(server, as: "Acme")
                let tool = try await Tool(visitor)
                try await RawConnection.open(to: try #require(visitor.client.port)) { try await body(tool, &$0) }
            }
        }
    }

    private static func statuses(_ text: String) -> [Substring] {
        text.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
    }

    @Test("A request that comes byte by byte is answered like one that comes at once")
    func bytewise() async throws {
        try await Self.with { tool, connection in
            for byte in Self.request(tool).utf8 { try await connection.send(ByteBuffer(bytes: [byte])) }
            let answer = try await connection.read(until: Script.whole)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("\r\nDate: "))
            #expect(answer.contains("\r\nX-Request-ID: "))
            #expect(answer.contains("\r\nContent-Length: \(Script.whole.utf8.count)\r\n"))
        }
    }

    @Test("Requests that come together are answered in their order, also when the router has to take over")
    func together() async throws {
        try await Self.with { tool, connection in
            let stream = Self.post(tool, Self.body(streamed: true))
            try await connection.send(
                Self.request(tool) + stream + Self.request(tool) + Self.alive + Self.request(tool) + Self.alive
            )
            let text = try await connection.read { $0.components(separatedBy: "alive").count == 3 }
            #expect(Self.statuses(text) == ["200", "200", "200", "200", "200", "200"])
            let marks = [Script.whole, "[DONE]", Script.whole, "alive", Script.whole, "alive"]
            var rest = text[...]
            for mark in marks {
                let found = try #require(rest.firstRange(of: mark), "\(mark) comes in its turn")
                rest = rest[found.upperBound...]
            }
        }
    }

    @Test("A connection that began with the router's requests takes those for the doors")
    func routerFirst() async throws {
        try await Self.with { tool, connection in
            try await connection.send(Self.alive)
            _ = try await connection.read(until: "alive")
            connection.forget()
            try await connection.send(Self.request(tool))
            #expect(try await connection.read(until: Script.whole).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("A client that wants the connection closed has it closed after its answer")
    func closing() async throws {
        try await Self.with { tool, connection in
            try await connection.send(Self.request(tool, "Connection: close\r\n"))
            let answer = try await connection.readToEnd()
            #expect(answer.hasSuffix(Script.whole))
            #expect(answer.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test("A body in chunks, and one that is long, are read by the router's part")
    func unusual() async throws {
        try await Self.with { tool, connection in
            let body = Self.body()
            let chunked = """
                POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(tool.token)\r\n\
                Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n
                """
            try await connection.send(chunked)
            #expect(try await connection.read(until: Script.whole).hasPrefix("HTTP/1.1 200"))
            connection.forget()
            let words = String(repeating: "word ", count: PlainRequest.bodyLimit / 5)
            try await connection.send(Self.post(tool, Self.body(words)))
            #expect(try await connection.read(until: Script.whole).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("What is not HTTP is answered as the router answers it, and closed")
    func nonsense() async throws {
        try await Self.with { tool, connection in
            try await connection.send(Self.request(tool) + "nonsense\r\n\r\n")
            let text = try await connection.readToEnd()
            #expect(Self.statuses(text) == ["200", "400"])
        }
    }
}
