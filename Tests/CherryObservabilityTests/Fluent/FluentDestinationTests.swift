import CherryCore
import CherryJournal
import CherryNet
import CherryTesting
import NIOCore
import NIOSSL
import Synchronization
import Testing

@testable import CherryObservability

@Suite("Sending the log by the forward protocol")
struct FluentDestinationTests {
    private func destination(
        _ ports: [Int],
        scheme: String = "tcp",
        sharedKey: String? = nil,
        user: (name: String, password: Secret<String>)? = nil,
        mode: FluentDestination.Mode = .compressed,
        patience: Duration = .seconds(600),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws -> FluentDestination {
        FluentDestination(
            .init(
                servers: try ports.map { try SocketPlace("\(scheme)://model.test:\($0)", defaultPort: 24224) },
                reach: .anywhere,
                sharedKey: sharedKey.map { Secret($0) },
                user: user,
                mode: mode,
                connectTime: .seconds(600),
                acknowledgementTime: patience
            ),
            identity: .sample,
            connector: SocketConnector(
                lookup: { _, port in [try SocketAddress(ipAddress: "127.0.0.1", port: port)] },
                trustRoots: .certificates([try TestCertificate.certificate])
            ),
            now: now
        )
    }

    private func outcome(_ delivery: Delivery) -> DeliveryOutcome? {
        Set(delivery.outcomes).count == 1 ? delivery.outcomes.first : nil
    }

    @Test(
        "Records arrive in their order with every field, and count as sent",
        arguments: FluentDestination.Mode.allCases
    )
    func delivered(mode: FluentDestination.Mode) async throws {
        let server = ForwardServer()
        try await ScriptedSocketServer.with(server.serve) { listener in
            let destination = try self.destination([listener.port], mode: mode)
            let records = JournalRecord.samples(30)
            let delivery = await destination.deliver(records)
            #expect(delivery == Delivery(records.map { _ in .sent }))
            let chunk = try #require(server.chunks.first)
            #expect(chunk.mode == mode.chunk)
            #expect(chunk.records.map { $0["message"] } == (0..<30).map { .string("line \($0)") })
            #expect(chunk.records.map { $0["id"] } == records.map { .string($0.id) })
            #expect(chunk.records[0]["environment"] == .string("test"))
            #expect(chunk.records[0]["http_status"] == .integer(200))
            #expect(server.refused.isEmpty)
        }
    }

    @Test("One connection carries one chunk after the other, however the acknowledgements come")
    func keepAlive() async throws {
        let server = ForwardServer([.drip, .twice, .acknowledge])
        try await ScriptedSocketServer.with(server.serve) { listener in
            let destination = try self.destination([listener.port])
            for count in 1...4 { #expect(self.outcome(await destination.deliver(.samples(count))) == .sent) }
            #expect(listener.connectionCount == 1)
        }
    }

    @Test("Over TLS, with a shared key, a name and a password")
    func secured() async throws {
        let server = ForwardServer(sharedKey: "key", user: ("anna", "word"))
        try await ScriptedSocketServer.with(tls: TestCertificate.server, server.serve) { listener in
            let destination = try self.destination(
                [listener.port],
                scheme: "tls",
                sharedKey: "key",
                user: ("anna", Secret("word"))
            )
            #expect(self.outcome(await destination.deliver(.samples(3))) == .sent)
            #expect(server.refused.isEmpty)
        }
    }

    @Test("A wrong key is a matter for the person: a long pause, and nothing is lost")
    func wrongKey() async throws {
        let server = ForwardServer(sharedKey: "key")
        try await ScriptedSocketServer.with(server.serve) { listener in
            let wrong = await (try self.destination([listener.port], sharedKey: "other")).deliver(.samples(2))
            #expect(self.outcome(wrong) == .retry(reason: "fluent_denied"))
            #expect(wrong.pause == HTTPVerdict.personPause)
            let none = await (try self.destination([listener.port])).deliver(.samples(2))
            #expect(self.outcome(none) == .retry(reason: "fluent_key_needed"))
            #expect(server.chunks.isEmpty)
        }
    }

    @Test("A plain server is not taken for one with TLS")
    func noTLS() async throws {
        let server = ForwardServer()
        try await ScriptedSocketServer.with(server.serve) { listener in
            let delivery = await (try self.destination([listener.port], scheme: "tls")).deliver(.samples(1))
            guard case .retry = self.outcome(delivery) else {
                Issue.record("\(delivery)")
                return
            }
            #expect(server.chunks.isEmpty)
        }
    }

    @Test(
        "Without the right acknowledgement, records are tried again under the same chunk id",
        arguments: [
            (ForwardServer.Behaviour.silence, "fluent_no_ack"), (.wrongAcknowledgement, "fluent_garbled"),
            (.garbage, "fluent_garbled"), (.close, "fluent_closed"), (.reset, "net_connectionLost"),
        ]
    )
    func unacknowledged(_ behaviour: ForwardServer.Behaviour, _ reason: String) async throws {
        let server = ForwardServer([behaviour])
        try await ScriptedSocketServer.with(server.serve) { listener in
            let patience: Duration = behaviour == .silence ? .milliseconds(300) : .seconds(30)
            let destination = try self.destination([listener.port], patience: patience)
            let first = await destination.deliver(.samples(2))
            #expect(self.outcome(first) == .retry(reason: reason))
            let second = try self.destination([listener.port])
            #expect(self.outcome(await second.deliver(.samples(2))) == .sent)
            #expect(Set(server.chunks.map(\.chunk)).count == 1)
            #expect(server.chunks.count == 2)
        }
    }

    @Test("The next server takes over, and the first is the first again after a while")
    func failover() async throws {
        let (first, second) = (ForwardServer([.close]), ForwardServer())
        let start = ContinuousClock.now
        let time = Mutex(start)
        try await ScriptedSocketServer.with(first.serve) { one in
            try await ScriptedSocketServer.with(second.serve) { two in
                let destination = try self.destination([one.port, two.port]) { time.withLock { $0 } }
                #expect(self.outcome(await destination.deliver(.samples(1))) == .sent)
                #expect(self.outcome(await destination.deliver(.samples(2))) == .sent)
                #expect(first.chunks.count == 1)
                #expect(second.chunks.map(\.records.count) == [1, 2])
                #expect(first.chunks[0].chunk == second.chunks[0].chunk)
                time.withLock { $0 = start + .seconds(61) }
                #expect(self.outcome(await destination.deliver(.samples(3))) == .sent)
                #expect(first.chunks.map(\.records.count) == [1, 3])
            }
        }
    }

    @Test("Where nobody listens, records wait")
    func unreachable() async throws {
        let destination = try self.destination([ScriptedHTTPServer.refusingPort])
        #expect(self.outcome(await destination.deliver(.samples(1))) == .retry(reason: "net_unreachable"))
    }

    @Test("Cancelling ends the attempt, and the records are tried again")
    func cancelling() async throws {
        let taken = Gate()
        try await ScriptedSocketServer.with { connection in
            for try await _ in connection.inbound { taken.open() }
        } _: { listener in
            let destination = try self.destination([listener.port])
            let task = Task { await destination.deliver(.samples(2)) }
            await taken.wait()
            task.cancel()
            #expect(self.outcome(await task.value) == .retry(reason: "cancelled"))
        }
    }

    @Test("A record that is no line is put aside and holds up nothing")
    func unreadable() async throws {
        let server = ForwardServer()
        try await ScriptedSocketServer.with(server.serve) { listener in
            let destination = try self.destination([listener.port])
            var records = JournalRecord.samples(2)
            records.insert(
                JournalRecord(number: 7, entry: .init(kind: .log, at: .init(milliseconds: 0), payload: [1])),
                at: 1
            )
            let delivery = await destination.deliver(records)
            #expect(delivery.outcomes == [.sent, .quarantine(reason: "unreadable"), .sent])
            let alone = await destination.deliver([records[1]])
            #expect(alone.outcomes == [.quarantine(reason: "unreadable")])
            #expect(server.chunks.count == 1)
        }
    }
}
