import CherryCore
import CherryJournal
import CherryNet
import CherryTesting
import Testing

@testable import CherryObservability

@Suite("Sending the log to Loki")
struct LokiDestinationTests {
    private func with(
        _ loki: LokiServer,
        credential: HTTPCredential = .none,
        tenant: String? = nil,
        time: Duration = .seconds(30),
        _ body: (LokiDestination, ScriptedHTTPServer) async throws -> Void
    ) async throws {
        try await ScriptedHTTPServer.with(loki.answer) { server in
            let transport = HTTPTransport()
            let destination = LokiDestination(
                .init(url: server.url + "/", reach: .anywhere, credential: credential, tenant: tenant, time: time),
                identity: .sample,
                transport: transport
            )
            try await body(destination, server)
            await transport.shutdown()
        }
    }

    private func words(_ loki: LokiServer) -> [String] {
        loki.lines.compactMap { (try? JSONValue(parsing: $0.text))?["message"]?.string }
    }

    @Test("Lines arrive in their order, with the tenant and the credentials")
    func delivered() async throws {
        let loki = LokiServer(authorization: "Bearer abc", tenant: "me")
        try await self.with(loki, credential: .bearer(Secret("abc")), tenant: "me") { destination, _ in
            let delivery = await destination.deliver(.samples(50))
            #expect(delivery == Delivery(Array(repeating: .sent, count: 50)))
            #expect(self.words(loki) == (0..<50).map { "line \($0)" })
            #expect(loki.refusals.isEmpty)
        }
    }

    @Test("The same line many times in one moment stays as many lines, in this batch and the next")
    func repeated() async throws {
        let loki = LokiServer()
        try await self.with(loki) { destination, _ in
            let records = (0..<10).map { JournalRecord(.sample(), number: UInt128($0)) }
            for _ in 1...2 {
                let delivery = await destination.deliver(records)
                #expect(delivery.outcomes == Array(repeating: .sent, count: 10))
            }
            #expect(loki.lines.count == 20)
            #expect(loki.refusals.isEmpty)
        }
    }

    @Test("A batch whose answer got lost is repeated as it was, and kept once")
    func lostAnswer() async throws {
        let loki = LokiServer()
        let answers = [true, false]
        try await ScriptedHTTPServer.with { request in
            // The first answer is thrown away after the lines were kept.
            let isFirst = loki.lines.isEmpty && answers[0]
            let steps = loki.answer(request)
            return isFirst ? [.reset] : steps
        } _: { server in
            let transport = HTTPTransport()
            let destination = LokiDestination(
                .init(url: server.url, reach: .anywhere),
                identity: .sample,
                transport: transport
            )
            let records = (0..<5).map { JournalRecord(.sample(), number: UInt128($0)) }
            let first = await destination.deliver(records)
            #expect(first.outcomes == Array(repeating: .retry(reason: "net_connectionLost"), count: 5))
            let second = await destination.deliver(records)
            #expect(second.outcomes == Array(repeating: .sent, count: 5))
            #expect(loki.lines.count == 5)
            await transport.shutdown()
        }
    }

    @Test("Bad records are put aside alone; the others are kept, once and in order")
    func bad() async throws {
        let loki = LokiServer { $0.contains("line 7\"") || $0.contains("line 31\"") }
        try await self.with(loki) { destination, _ in
            let delivery = await destination.deliver(.samples(40))
            for (number, outcome) in delivery.outcomes.enumerated() {
                #expect(outcome == ([7, 31].contains(number) ? .quarantine(reason: "http_400") : .sent))
            }
            #expect(Set(self.words(loki)) == Set((0..<40).filter { ![7, 31].contains($0) }.map { "line \($0)" }))
            #expect(loki.lines.count == 38)
            #expect(loki.refusals.isEmpty)
        }
    }

    @Test("A busy server is left alone for as long as it asks")
    func busy() async throws {
        let loki = LokiServer(answers: [.whole(429, "slow down", headers: ["Retry-After": "17"]), .whole(429, "")])
        try await self.with(loki) { destination, _ in
            let first = await destination.deliver(.samples(3))
            #expect(first == Delivery(Array(repeating: .retry(reason: "http_429"), count: 3), pause: .seconds(17)))
            let second = await destination.deliver(.samples(3))
            #expect(second == Delivery(Array(repeating: .retry(reason: "http_429"), count: 3)))
            let third = await destination.deliver(.samples(3))
            #expect(third.outcomes == Array(repeating: .sent, count: 3))
        }
    }

    @Test("Wrong credentials lose nothing and are tried again after a long pause")
    func credentials() async throws {
        let loki = LokiServer(authorization: "Bearer right")
        try await self.with(loki, credential: .bearer(Secret("wrong"))) { destination, _ in
            let delivery = await destination.deliver(.samples(1))
            #expect(delivery == Delivery([.retry(reason: "http_401")], pause: HTTPVerdict.personPause))
        }
    }

    @Test("What is too much at once is sent in parts")
    func tooLarge() async throws {
        let loki = LokiServer(answers: [.whole(413, "too large"), nil, .whole(413, "too large"), nil, nil])
        try await self.with(loki) { destination, server in
            let delivery = await destination.deliver(.samples(8))
            #expect(delivery.outcomes == Array(repeating: .sent, count: 8))
            #expect(self.words(loki) == (0..<8).map { "line \($0)" })
            #expect(server.requests.count == 5)
        }
    }

    @Test(
        "A failing, silent or broken server loses nothing",
        arguments: [
            (ScriptedHTTPServer.Step.whole(500, "oops"), "http_500"), (.hang, "net_tookTooLong"),
            (.reset, "net_connectionLost"), (.text("SSH-2.0-OpenSSH\r\n"), "net_garbled"),
        ]
    )
    func failures(_ step: ScriptedHTTPServer.Step, _ reason: String) async throws {
        let loki = LokiServer(answers: [step])
        let time: Duration = if case .hang = step { .milliseconds(300) } else { .seconds(30) }
        try await self.with(loki, time: time) { destination, _ in
            let delivery = await destination.deliver(.samples(2))
            #expect(delivery.outcomes == Array(repeating: .retry(reason: reason), count: 2))
        }
    }
}
