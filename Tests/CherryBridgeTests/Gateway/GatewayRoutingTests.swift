import CherryCore
import CherryNet
import CherryTesting
import Synchronization
import Testing

@testable import CherryBridge

@Suite("The gateway's routes")
struct GatewayRoutingTests {
    private let fixture = GatewayFixture()

    private func with(
        _ scripts: [[ScriptedHTTPServer.Step]]...,
        then body: ([ScriptedHTTPServer], [GatewayCatalogue.Member]) async throws -> Void
    ) async throws {
        var servers: [ScriptedHTTPServer] = []
        for steps in scripts {
            let rest = ScriptQueue(steps)
            servers.append(try await ScriptedHTTPServer { _ in rest.next() })
        }
        var members: [GatewayCatalogue.Member] = []
        for (index, server) in servers.enumerated() {
            members.append(GatewayFixture.member("P\(index)", at: server.url))
        }
        do {
            try await body(servers, members)
        } catch {
            for server in servers { await server.shutdown() }
            throw error
        }
        for server in servers { await server.shutdown() }
    }

    @Test("Before the first token the next target is asked, and the reader sees one answer")
    func failOver() async throws {
        try await self.with([ChatScript.refusal(500)], [ChatScript.stream("Hello", " there")]) {
            servers,
            members async throws in
            self.fixture.gateway.update(
                GatewayCatalogue(members: members, aliases: [GatewayFixture.alias("fast", members)])
            )
            #expect(try await self.fixture.text("Fast") == "Hello there")
            #expect(servers.map(\.requests.count) == [1, 1])
            let usage = try #require(self.fixture.usage.first)
            #expect(self.fixture.usage.count == 1)
            #expect(usage.providerID == members[1].id)
            #expect(usage.alias == "fast")
            #expect(usage.attempts == 2)
            #expect(usage.tokens == TokenUsage(prompt: 10, completion: 5))
            #expect(!usage.isEstimated)
            #expect(usage.outcome == UsageRecord.complete)
            #expect(usage.firstTokenMilliseconds != nil)
        }
    }

    @Test("A stream that breaks after its beginning and before its first token is no answer yet")
    func brokenBeforeToken() async throws {
        try await self.with([[.eventStream, ChatScript.begin]], [ChatScript.stream("whole")]) {
            _,
            members async throws in
            self.fixture.gateway.update(
                GatewayCatalogue(members: members, aliases: [GatewayFixture.alias("fast", members)])
            )
            #expect(try await self.fixture.text("fast") == "whole")
        }
    }

    @Test("One model is asked again after a pause, as long as its provider wants")
    func retries() async throws {
        let scripts = [
            ChatScript.refusal(503), ChatScript.refusal(429, headers: ["Retry-After": "3"]),
            ChatScript.stream("at last"),
        ]
        try await self.with(scripts) { servers, members async throws in
            self.fixture.gateway.update(GatewayCatalogue(members: members))
            #expect(try await self.fixture.text("p0/m") == "at last")
            #expect(servers[0].requests.count == 3)
            #expect(self.fixture.pauses == [.milliseconds(250), .seconds(3)])
        }
    }

    @Test("An answer that broke off is gone on with by another model, and nothing is doubled or lost")
    func goesOn() async throws {
        let text = "one two three four five six seven eight nine ten"
        for cut in [1, 4, 13, 25, text.count - 1] {
            let said = String(text.prefix(cut))
            for rest in [String(text.dropFirst(cut)), text, String(text.dropFirst(max(0, cut - 12)))] {
                let fixture = GatewayFixture()
                let first =
                    [.eventStream, ChatScript.begin, ChatScript.delta(said)] as [ScriptedHTTPServer.Step]
                try await self.with([first], [ChatScript.stream(rest, usage: (30, 20))]) {
                    servers,
                    members async throws in
                    fixture.gateway.update(
                        GatewayCatalogue(
                            members: members,
                            aliases: [
                                GatewayFixture.alias("smart", members) { $0.continuesAfterFirstToken = true }
                            ]
                        )
                    )
                    #expect(try await fixture.text("smart") == text, "after “\(said)” with “\(rest)”")
                    let asked = try JSONValue(parsing: servers[1].requests[0].body)
                    let messages = asked["messages"]?.array ?? []
                    try #require(messages.count == 3)
                    #expect(messages[1]["content"]?.string == said)
                    #expect(fixture.usage.map(\.outcome) == ["cutOff", UsageRecord.complete])
                    #expect(fixture.usage.map(\.isEstimated) == [true, false])
                    #expect(fixture.usage[1].tokens == TokenUsage(prompt: 30, completion: 20))
                }
            }
        }
    }

    @Test("Without leave an answer that broke off is an error, and what it took is estimated")
    func brokenOff() async throws {
        try await self.with(
            [[.eventStream, ChatScript.delta("half")]],
            [ChatScript.stream("never asked")]
        ) { servers, members async throws in
            self.fixture.gateway.update(
                GatewayCatalogue(members: members, aliases: [GatewayFixture.alias("fast", members)])
            )
            let error = await #expect(throws: BridgeError.self) { try await self.fixture.text("fast") }
            #expect(error?.code == .cutOff)
            #expect(servers[1].requests.isEmpty)
            #expect(self.fixture.usage.map(\.outcome) == ["cutOff"])
            #expect(self.fixture.usage[0].isEstimated)
            #expect(self.fixture.usage[0].tokens == TokenUsage(prompt: 3, completion: 2))
        }
    }

    @Test("A call of a tool that broke off is never gone on with")
    func brokenCall() async throws {
        let call = ScriptedHTTPServer.Step.event(
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]}}]}"#
        )
        try await self.with([[.eventStream, call]], [ChatScript.stream("x")]) { servers, members async throws in
            self.fixture.gateway.update(
                GatewayCatalogue(
                    members: members,
                    aliases: [GatewayFixture.alias("smart", members) { $0.continuesAfterFirstToken = true }]
                )
            )
            let error = await #expect(throws: BridgeError.self) { try await self.fixture.text("smart") }
            #expect(error?.code == .cutOff)
            #expect(servers[1].requests.isEmpty)
        }
    }

    @Test("What is to stay here goes nowhere else, whatever the alias lists")
    func staysLocal() async throws {
        try await self.with([ChatScript.stream("here")]) { servers, members async throws in
            let far = GatewayFixture.member("Far", at: "http://192.0.2.1")
            let alias = GatewayFixture.alias("private", [far] + members) { $0.staysLocal = true }
            self.fixture.gateway.update(GatewayCatalogue(members: [far] + members, aliases: [alias]))
            #expect(try await self.fixture.text("private") == "here")
            let only = GatewayFixture.alias("private", [far]) { $0.staysLocal = true }
            self.fixture.gateway.update(GatewayCatalogue(members: [far] + members, aliases: [only]))
            let error = await #expect(throws: BridgeError.self) { try await self.fixture.text("private") }
            #expect(error?.code == .denied)
            #expect(servers[0].requests.count == 1)
        }
    }

    @Test("A target that keeps failing is left alone, and the next one is asked at once")
    func breaker() async throws {
        try await self.with([ChatScript.refusal(500)], [ChatScript.stream("ok")]) { servers, members async throws in
            self.fixture.gateway.update(
                GatewayCatalogue(members: members, aliases: [GatewayFixture.alias("fast", members)])
            )
            for _ in 0..<8 { #expect(try await self.fixture.text("fast") == "ok") }
            #expect(servers.map(\.requests.count) == [5, 8])
        }
    }

    @Test("A refusal of the request itself is passed on and opens nothing")
    func refused() async throws {
        try await self.with([ChatScript.refusal(400)], [ChatScript.stream("x")]) { servers, members async throws in
            self.fixture.gateway.update(
                GatewayCatalogue(members: members, aliases: [GatewayFixture.alias("fast", members)])
            )
            for _ in 0..<8 {
                let error = await #expect(throws: BridgeError.self) { try await self.fixture.text("fast") }
                #expect(error?.code == .refused)
            }
            #expect(servers.map(\.requests.count) == [8, 0])
        }
    }

    @Test("A silent first target gets company, and the first token decides")
    func hedged() async throws {
        let isAsked = Gate()
        let silent = try await ScriptedHTTPServer { _ in
            isAsked.open()
            return [.hang]
        }
        let quick = try await ScriptedHTTPServer { _ in [.await(isAsked)] + ChatScript.stream("second") }
        let members = [
            GatewayFixture.member("Silent", at: silent.url), GatewayFixture.member("Quick", at: quick.url),
        ]
        let alias = GatewayFixture.alias("fast", members) { $0.hedgeAfterMilliseconds = 50 }
        self.fixture.gateway.update(GatewayCatalogue(members: members, aliases: [alias]))
        #expect(try await self.fixture.text("fast") == "second")
        // The connection to the one that lost is closed.
        var closings = silent.closings.makeAsyncIterator()
        _ = await closings.next()
        #expect(self.fixture.pauses == [.milliseconds(50)])
        #expect(self.fixture.usage.map(\.outcome) == [UsageRecord.stopped, UsageRecord.complete])
        #expect(self.fixture.usage.map(\.providerID) == members.map(\.id))
        await silent.shutdown()
        await quick.shutdown()
    }

    @Test("A first token that does not come in time is a fault like any other", arguments: [false, true])
    func firstToken(afterHead: Bool) async throws {
        let silent: [ScriptedHTTPServer.Step] = afterHead ? [.eventStream, ChatScript.begin, .hang] : [.hang]
        try await self.with([silent], [ChatScript.stream("in time")]) { _, members async throws in
            // The limit holds for the second one too, which a busy machine lets wait.
            let alias = GatewayFixture.alias("fast", members) { $0.limits.firstTokenMilliseconds = 8_000 }
            self.fixture.gateway.update(GatewayCatalogue(members: members, aliases: [alias]))
            #expect(try await self.fixture.text("fast") == "in time")
        }
    }

    @Test("Cancelling closes the connection, and what came is counted as stopped")
    func stopped() async throws {
        try await self.with([[.eventStream, ChatScript.delta("some"), .hang]]) { servers, members async throws in
            self.fixture.gateway.update(GatewayCatalogue(members: members))
            let arrived = Gate()
            let fixture = self.fixture
            let task = Task {
                try await fixture.gateway.chat(
                    ChatRequest(model: "p0/m", messages: [ChatMessage(.user, "x")]),
                    for: .product
                ) { event in
                    if case .text = event { arrived.open() }
                }
            }
            await arrived.wait()
            #expect(fixture.gateway.running.map(\.stage) == [.answering])
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            var closings = servers[0].closings.makeAsyncIterator()
            _ = await closings.next()
            #expect(fixture.usage.map(\.outcome) == [UsageRecord.stopped])
            #expect(fixture.usage[0].isEstimated)
            #expect(fixture.gateway.running.isEmpty)
        }
    }

    @Test("Letting go of an exchange is the same as stopping it")
    func letGo() async throws {
        try await self.with([[.eventStream, ChatScript.delta("some"), .hang]]) { servers, members async throws in
            self.fixture.gateway.update(GatewayCatalogue(members: members))
            do {
                let question = GatewayQuestion(ChatRequest(model: "p0/m", messages: [ChatMessage(.user, "x")]))
                let exchange = try await self.fixture.gateway.ask(question, for: .product)
                let first = try await exchange.next()
                #expect(first != nil)
            }
            var closings = servers[0].closings.makeAsyncIterator()
            _ = await closings.next()
            #expect(self.fixture.usage.map(\.outcome) == [UsageRecord.stopped])
        }
    }
}

/// Scripts that are played in turn, the last one again and again.
final class ScriptQueue: Sendable {
    private let scripts: Mutex<[[ScriptedHTTPServer.Step]]>

    init(_ scripts: [[ScriptedHTTPServer.Step]]) { self.scripts = Mutex(scripts) }

    func next() -> [ScriptedHTTPServer.Step] {
        self.scripts.withLock { scripts in scripts.count > 1 ? scripts.removeFirst() : scripts[0] }
    }
}
