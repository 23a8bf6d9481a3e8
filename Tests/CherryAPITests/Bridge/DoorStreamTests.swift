import CherryAssistant
import CherryBridge
import CherryCore
import CherryStore
import CherryTesting
import CherryVault
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import CherryAPI

@Suite("Streams of the doors")
struct DoorStreamTests {
    private static func body(streamed: Bool) -> String {
        #"{"model":"acme/m","stream":\#(streamed),"messages":[{"role":"user","content":"Hello"}]}"#
    }

    private static func request(_ tool: Tool, streamed: Bool) -> String {
        let body = Self.body(streamed: streamed)
        return """
            POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(tool.token)\r\n\
            Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)
            """
    }

    /// Runs a tool, over real connections, against a provider that plays `script`.
    private static func with(
        _ script: @escaping @Sendable (ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step],
        configure: (inout APIConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Tool, ScriptedHTTPServer) async throws -> Void
    ) async throws {
        try await ScriptedHTTPServer.with(script) { server in
            let stage = try Stage(configure)
            try await stage.runUnlocked(.live) { visitor in
                try await stage.add(server, as: "Acme")
                try await body(try await Tool(visitor), server)
            }
        }
    }

    private static func open<Value: Sendable>(
        _ tool: Tool,
        _ body: (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        try await RawConnection.open(to: try #require(tool.visitor.client.port), body)
    }

    @Test("A client that goes within a stream ends it at the provider")
    func goneWithin() async throws {
        try await Self.with { _ in
            [.eventStream, Script.delta("Hel"), .hang]
        } _: { tool, server in
            try await Self.open(tool) { connection in
                try await connection.send(Self.request(tool, streamed: true))
                _ = try await connection.read(until: "Hel")
            }
            var closings = server.closings.makeAsyncIterator()
            _ = await closings.next()
        }
    }

    @Test("So does one that goes before the first token, streamed or not", arguments: [false, true])
    func goneBefore(streamed: Bool) async throws {
        let isAsked = Gate()
        try await Self.with { _ in
            isAsked.open()
            return [.hang]
        } _: { tool, server in
            try await Self.open(tool) { connection in
                try await connection.send(Self.request(tool, streamed: streamed))
                await isAsked.wait()
            }
            var closings = server.closings.makeAsyncIterator()
            _ = await closings.next()
        }
    }

    @Test("So does one that goes while an answer that is not streamed is half there")
    func goneInTheMiddle() async throws {
        let isAsked = Gate()
        try await Self.with { _ in
            isAsked.open()
            return [.head(200, ["Content-Type": "application/json"]), .text(#"{"choices":"#), .hang]
        } _: { tool, server in
            try await Self.open(tool) { connection in
                try await connection.send(Self.request(tool, streamed: false))
                await isAsked.wait()
            }
            var closings = server.closings.makeAsyncIterator()
            _ = await closings.next()
        }
    }

    @Test(
        "A stop reaches the provider within 100 ms, a hundred times, streamed or not",
        .enabled(if: TimedTests.isAlone, Comment(rawValue: TimedTests.reason)),
        arguments: [false, true]
    )
    func prompt(streamed: Bool) async throws {
        let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
        try await Self.with { _ in
            continuation.yield()
            return streamed ? [.eventStream, Script.delta("Hel"), .hang] : [.hang]
        } _: { tool, server in
            var arrivals = asked.makeAsyncIterator()
            var closings = server.closings.makeAsyncIterator()
            for _ in 1...100 {
                try await Self.open(tool) { connection in
                    try await connection.send(Self.request(tool, streamed: streamed))
                    await arrivals.next(isolation: #isolation)
                    if streamed { _ = try await connection.read(until: "Hel") }
                }
                let stopped = ContinuousClock.now
                let time = try #require(await closings.next()) - stopped
                #expect(time < .milliseconds(100))
            }
        }
    }

    @Test("A connection serves again after a stream, and after an answer")
    func keptAlive() async throws {
        try await Self.with { request in
            String(decoding: request.body, as: UTF8.self).contains("true")
                ? [.eventStream, .text(Script.events + Script.usage + Script.done)]
                : [.whole(200, Script.whole), .keepAlive]
        } _: { tool, _ in
            try await Self.open(tool) { connection in
                for streamed in [true, false, true, false] {
                    try await connection.send(Self.request(tool, streamed: streamed))
                    let answer = try await connection.read(until: streamed ? "0\r\n\r\n" : "1.50}")
                    #expect(answer.hasPrefix("HTTP/1.1 200"))
                    connection.forget()
                }
            }
        }
    }

    @Test("A silent stream gives a sign of life, between two events alone")
    func heartbeat() async throws {
        let (first, second) = (Gate(), Gate())
        try await Self.with { _ in
            [
                .eventStream, Script.delta("Hel"), .await(first),
                .text(#"data: {"choices":[{"index":0,"delta":{"con"#), .await(second),
                .text(#"tent":"lo"},"finish_reason":"stop"}]}"# + "\n\n" + Script.done),
            ]
        } configure: {
            $0.pingInterval = .seconds(15)
        } _: { tool, _ in
            let timer = tool.visitor.stage.timer
            func wait() async {
                for _ in 0..<DoorStream.ticksPerHeartbeat {
                    await timer.waitForSleeper(of: .seconds(5))
                    timer.advance(by: .seconds(5))
                }
            }
            try await Self.open(tool) { connection in
                try await connection.send(Self.request(tool, streamed: true))
                _ = try await connection.read(until: "Hel")
                for gate in [first, second] {
                    connection.forget()
                    await wait()
                    let alive = try await connection.read(until: ":")
                    #expect(alive.contains("\n:"))
                    gate.open()
                }
                let rest = try await connection.read(until: "[DONE]")
                #expect(
                    rest.contains(#"{"choices":[{"index":0,"delta":{"content":"lo"}"#),
                    "nothing comes within an event"
                )
            }
        }
    }

    @Test("A lock ends a stream with the door's own error, and the provider's connection with it")
    func locked() async throws {
        try await Self.with { _ in
            [.eventStream, Script.delta("Hel"), .hang]
        } _: { tool, server in
            try await Self.open(tool) { connection in
                try await connection.send(Self.request(tool, streamed: true))
                _ = try await connection.read(until: "Hel")
                _ = try await tool.visitor.call(.post, "/api/v1/lock")
                let rest = try await connection.read(until: "sealed")
                #expect(rest.contains(#""code":"sealed""#))
            }
            var closings = server.closings.makeAsyncIterator()
            _ = await closings.next()
            #expect(tool.visitor.stage.gateway.isOpen == false)
        }
    }

    @Test("A provider that breaks within a stream ends it with an error in the door's own form")
    func broken() async throws {
        try await Self.with { _ in
            [.eventStream, Script.delta("Hel"), .text(#"data: {"choices":[{"#)]
        } _: { tool, _ in
            try await Self.open(tool) { connection in
                try await connection.send(Self.request(tool, streamed: true))
                let answer = try await connection.read(until: "0\r\n\r\n")
                #expect(answer.contains("event: error\ndata: {\"error\":"))
                #expect(!answer.contains(#"data: {"choices":[{"# + "\n"), "half an event is no event")
                #expect(answer.contains(#""code":"cut_off""#))
                #expect(!answer.contains("[DONE]"))
            }
        }
    }
}
