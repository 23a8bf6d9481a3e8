import CherryCore
import CherryJournal
import CherryNet
import CherryTesting
import Synchronization
import Testing

@testable import CherryObservability

@Suite("Sending the log to Elasticsearch")
struct ElasticsearchDestinationTests {
    private func with(
        _ peer: ElasticsearchServer,
        credential: HTTPCredential = .none,
        installsTemplate: Bool = true,
        time: Duration = .seconds(30),
        _ body: (ElasticsearchDestination, ScriptedHTTPServer) async throws -> Void
    ) async throws {
        try await ScriptedHTTPServer.with(peer.answer) { server in
            let transport = HTTPTransport()
            let destination = ElasticsearchDestination(
                .init(
                    url: server.url,
                    reach: .anywhere,
                    credential: credential,
                    installsTemplate: installsTemplate,
                    time: time
                ),
                identity: .sample,
                transport: transport
            )
            try await body(destination, server)
            await transport.shutdown()
        }
    }

    @Test("The template is installed once, and documents arrive in their order")
    func delivered() async throws {
        let peer = ElasticsearchServer(authorization: "ApiKey abc")
        try await self.with(peer, credential: .apiKey(Secret("abc"))) { destination, server in
            for _ in 1...2 {
                let delivery = await destination.deliver(.samples(20))
                #expect(delivery == Delivery(Array(repeating: .sent, count: 20)))
            }
            #expect(peer.messages == (0..<20).map { "line \($0)" })
            #expect(peer.template != nil)
            #expect(server.requests.map(\.method) == ["HEAD", "PUT", "POST", "POST"])
            #expect(peer.refusals.isEmpty)
        }
    }

    @Test("A template that is there is left as it is; without the right to see one, lines go all the same")
    func template() async throws {
        for status in [200, 403] {
            let peer = ElasticsearchServer(answers: [.text("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n")])
            try await self.with(peer) { destination, server in
                #expect(await destination.deliver(.samples(1)).outcomes == [.sent])
                #expect(server.requests.map(\.method) == ["HEAD", "POST"])
            }
        }
        let refusing = ElasticsearchServer(answers: [nil, .whole(403, "{}")])
        try await self.with(refusing) { destination, server in
            #expect(await destination.deliver(.samples(1)).outcomes == [.sent])
            #expect(server.requests.map(\.method) == ["HEAD", "PUT", "POST"])
        }
    }

    @Test("A server that is not ready for the template gets no documents yet")
    func notReady() async throws {
        let peer = ElasticsearchServer(answers: [.text("HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n")])
        try await self.with(peer) { destination, _ in
            #expect(
                await destination.deliver(.samples(2)).outcomes
                    == Array(repeating: .retry(reason: "http_503"), count: 2)
            )
            #expect(peer.messages.isEmpty)
            #expect(await destination.deliver(.samples(2)).outcomes == [.sent, .sent])
        }
    }

    @Test("Of a bulk that fails in part, each record has an outcome of its own, and nothing is stored twice")
    func partial() async throws {
        let isBusy = Mutex(true)
        let peer = ElasticsearchServer { message in
            switch message {
            case "line 1": 400
            case "line 2": isBusy.withLock { $0 } ? 429 : nil
            default: nil
            }
        }
        try await self.with(peer) { destination, _ in
            let records = JournalRecord.samples(4)
            let first = await destination.deliver(records)
            #expect(
                first.outcomes == [
                    .sent, .quarantine(reason: "item_400"), .retry(reason: "item_429"), .sent,
                ]
            )
            #expect(first.pause != nil)
            isBusy.withLock { $0 = false }
            #expect(await destination.deliver([records[2]]).outcomes == [.sent])
            // An attempt whose answer got lost: everything is there already.
            #expect(await destination.deliver([records[0], records[3]]).outcomes == [.sent, .sent])
            #expect(peer.messages == ["line 0", "line 3", "line 2"])
        }
    }

    @Test("What is too much at once is sent in parts")
    func tooLarge() async throws {
        let peer = ElasticsearchServer(answers: [.whole(413, "{}"), nil, nil])
        try await self.with(peer, installsTemplate: false) { destination, _ in
            #expect(await destination.deliver(.samples(5)).outcomes == Array(repeating: .sent, count: 5))
            #expect(peer.messages == (0..<5).map { "line \($0)" })
        }
    }

    @Test(
        "A failing, silent or strange server loses nothing",
        arguments: [
            (ScriptedHTTPServer.Step.whole(500, "{}"), "http_500"), (.whole(429, "{}"), "http_429"),
            (.whole(401, "{}"), "http_401"), (.whole(200, "{}"), "garbled"), (.whole(200, "<html>"), "garbled"),
            (.reset, "net_connectionLost"), (.hang, "net_tookTooLong"),
        ]
    )
    func failures(_ step: ScriptedHTTPServer.Step, _ reason: String) async throws {
        let peer = ElasticsearchServer(answers: [step])
        let time: Duration = if case .hang = step { .milliseconds(300) } else { .seconds(30) }
        try await self.with(peer, installsTemplate: false, time: time) { destination, _ in
            let delivery = await destination.deliver(.samples(2))
            #expect(delivery.outcomes == Array(repeating: .retry(reason: reason), count: 2))
            #expect(peer.messages.isEmpty)
        }
    }

    @Test("A bad request as a whole is taken apart until the bad record stands alone")
    func badRequest() async throws {
        let peer = ElasticsearchServer(answers: [
            .whole(400, "{}"), .whole(400, "{}"), nil, .whole(400, "{}"), nil, nil,
        ])
        try await self.with(peer, installsTemplate: false) { destination, _ in
            let delivery = await destination.deliver(.samples(4))
            #expect(delivery.outcomes == [.sent, .quarantine(reason: "http_400"), .sent, .sent])
        }
    }
}
