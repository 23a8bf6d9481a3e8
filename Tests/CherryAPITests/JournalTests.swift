import CherryCore
import CherryJournal
import CherryTesting
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import CherryAPI

@Suite("The journal over HTTP")
struct JournalTests {
    /// A destination that takes every record but those that say `bad`.
    private struct Picky: JournalDestination {
        let name = "loki"
        let kinds: Set<JournalKind> = [.log]
        let limits = DeliveryLimits(records: 10, bytes: 1 << 20)

        func deliver(_ records: [JournalRecord]) async -> Delivery {
            Delivery(
                records.map {
                    $0.entry.payload == Array("bad".utf8) ? .quarantine(reason: "http_400") : .sent
                }
            )
        }
    }

    private static func entry(_ text: String) -> JournalEntry {
        JournalEntry(kind: .log, at: Timestamp(milliseconds: 1_700_000_000_000), payload: Array(text.utf8))
    }

    private static func journal(of stage: Stage) async throws -> Journal {
        let journal = try await Journal(
            .init(folder: stage.folder.appending(path: "outbox").path),
            sealer: TestOperationsSealer()
        )
        stage.journal.withLock { $0 = journal }
        return journal
    }

    /// A journal of which a destination took two records and refused two for good.
    private static func settledJournal(of stage: Stage) async throws -> Journal {
        let journal = try await Self.journal(of: stage)
        try await journal.register([Picky()])
        try await journal.append(["good", "bad", "bad", "good"].map(Self.entry))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: Never.self) { try await JournalDelivery(journal, to: [Picky()]).run() }
            }
            let left = await journal.drain(atMost: .seconds(60))
            #expect(left.allSatisfy { $0.queued == 0 })
            group.cancelAll()
        }
        return journal
    }

    @Test("Every account is told, and the room that is taken")
    func status() async throws {
        let stage = try Stage()
        let journal = try await Self.settledJournal(of: stage)
        try await journal.append([Self.entry("waits")])
        try await stage.runUnlocked { visitor in
            let answer = try await visitor.call(.get, "/api/v1/journal")
            #expect(answer.status == .ok)
            let account = try #require(answer["destinations"].array?.first)
            #expect(account["destination"] == "loki")
            #expect(account["removed"] == false)
            for (name, number) in ["produced": 5, "sent": 2, "queued": 1, "quarantined": 2] {
                #expect(account[name]?.integer == number, "\(name)")
            }
            #expect(account["balanced"] == true)
            #expect(answer["findings"]["isRebuilt"] == false)
            #expect(answer["limit"].integer == 256 << 20)
        }
    }

    @Test("Everything is read and checked")
    func verify() async throws {
        let stage = try Stage()
        _ = try await Self.settledJournal(of: stage)
        try await stage.runUnlocked { visitor in
            let answer = try await visitor.call(.post, "/api/v1/journal/verify")
            #expect(answer.status == .ok)
            #expect(answer["sound"] == true)
            #expect(answer["records"].integer == 4)
            #expect(answer["wrongFigures"].array?.isEmpty == true)
        }
    }

    @Test("Waiting ends when nothing is queued, and otherwise after its time with what is left")
    func drain() async throws {
        let stage = try Stage()
        let journal = try await Self.settledJournal(of: stage)
        try await stage.runUnlocked { visitor in
            let empty = try await visitor.call(.post, "/api/v1/journal/drain", ["seconds": 60])
            #expect(empty["destinations"].array?.first?["queued"] == 0)
            try await journal.append([Self.entry("waits")])
            let left = try await visitor.call(.post, "/api/v1/journal/drain", ["seconds": 0])
            #expect(left.status == .ok)
            #expect(left["destinations"].array?.first?["queued"] == 1)
        }
    }

    @Test("What is in quarantine is listed without content, and for one destination alone")
    func list() async throws {
        let stage = try Stage()
        _ = try await Self.settledJournal(of: stage)
        try await stage.runUnlocked { visitor in
            let answer = try await visitor.call(.get, "/api/v1/journal/quarantine")
            let items = try #require(answer["items"].array)
            #expect(items.count == 2)
            let first = try #require(items.first)
            #expect(first["destination"] == "loki")
            #expect(first["kind"] == "log")
            #expect(first["reason"] == "http_400")
            #expect(first["at"]?.integer == 1_700_000_000_000)
            #expect(!answer.text.contains("bad\""))
            let others = try await visitor.call(.get, "/api/v1/journal/quarantine?destination=sentry")
            #expect(others["items"].array?.isEmpty == true)
        }
    }

    @Test("One record is queued again, and the rest thrown away and counted")
    func retryAndDiscard() async throws {
        let stage = try Stage()
        let journal = try await Self.settledJournal(of: stage)
        let ids = await journal.quarantined().map(\.id)
        try await stage.runUnlocked { visitor in
            let path = "/api/v1/journal/quarantine/loki"
            let again = try await visitor.call(.post, "\(path)/retry", ["ids": .array([.string(ids[0])])])
            #expect(again["records"] == 1)
            let twice = try await visitor.call(.post, "\(path)/retry", ["ids": .array([.string(ids[0])])])
            #expect(twice.status == .notFound)
            let gone = try await visitor.call(.post, "\(path)/discard", .object([:]))
            #expect(gone["records"] == 1)
        }
        let ledger = try #require(await journal.ledger().first)
        #expect(ledger.queued == 1)
        #expect(ledger.quarantined == 0)
        #expect(ledger.dropped == ["discarded": 1])
        #expect(ledger.isBalanced)
    }

    @Test(
        "Bad requests are refused with the reason",
        arguments: [
            ("drain", #"{"seconds":61}"#, 422), ("drain", #"{"seconds":-1}"#, 422), ("drain", "{}", 422),
            ("quarantine/loki/retry", #"{"ids":["x"]}"#, 422),
            ("quarantine/loki/discard", #"{"ids":["0123456789ABCDEF0123456789ABCDEF"]}"#, 422),
            ("quarantine/loki/discard", #"{"all":true}"#, 422),
            ("quarantine/loki/retry", #"{"ids":["0123456789abcdef0123456789abcdef"]}"#, 404),
            ("quarantine/nobody/retry", "{}", 404),
        ]
    )
    func refusals(path: String, body: String, status: Int) async throws {
        let stage = try Stage()
        let journal = try await Self.settledJournal(of: stage)
        try await stage.runUnlocked { visitor in
            let answer = try await visitor.send(.post, "/api/v1/journal/\(path)", ByteBuffer(string: body))
            #expect(answer.status.code == status)
            #expect(!answer.message.isEmpty)
        }
        #expect(await journal.quarantined().count == 2)
    }

    @Test("Without a journal each address says so, and without a session nothing is told")
    func nothing() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            for path in ["/api/v1/journal", "/api/v1/journal/quarantine"] {
                let none = try await visitor.call(.get, path)
                #expect(none.status == .notFound)
                #expect(none.message.hasPrefix("There is no journal yet"))
                let stranger = try await visitor.another().call(.get, path)
                #expect(stranger.status == .unauthorized)
            }
        }
    }

    @Test("Why the journal cannot be opened is told")
    func broken() async throws {
        let stage = try Stage()
        let journal = try await Self.journal(of: stage)
        try await journal.close()
        try await stage.runUnlocked { visitor in
            let answer = try await visitor.call(.post, "/api/v1/journal/verify")
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.code == "unavailable")
        }
    }
}
