import CherryCore
import CherryJournal
import CherryTesting
import Synchronization
import Testing

@testable import CherryObservability

@Suite("From spans to a Sentry server")
struct TransactionRecorderTests {
    private static func recorder(
        share: Double = 1,
        limits: TransactionCollector.Limits = .init(),
        append: @escaping @Sendable (JournalEntry) -> Void = { _ in },
        lost: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> TransactionRecorder {
        TransactionRecorder(
            encoder: TransactionEncoder(identity: .example, routes: [], share: share),
            limits: limits,
            append: append,
            lost: lost
        )
    }

    @Test("Spans that end become one record of the journal, at the time of the whole's end")
    func entry() throws {
        let entries = Mutex<[JournalEntry]>([])
        let recorder = Self.recorder(append: { entry in entries.withLock { $0.append(entry) } })
        recorder.take(.example(3, within: 2, end: 900))
        recorder.take(.example(2, within: 1, "turn", end: 1000))
        let found = entries.withLock { $0 }
        try #require(found.count == 1)
        #expect(found[0].kind == .transaction && found[0].at == Timestamp(milliseconds: 1_000_000))
        let envelope = try SentryEnvelope(reading: found[0].payload)
        let json = try JSONValue(parsing: envelope.items[0].payload)
        #expect(json["event_id"]?.string == envelope.eventID?.text)
        #expect(json["spans"]?.array?.count == 1)
    }

    @Test("Of traces that are not in its share nothing is kept or counted")
    func share() {
        let count = Mutex(0)
        let recorder = Self.recorder(
            share: 0.25,
            append: { _ in count.withLock { $0 += 1 } },
            lost: { _ in Issue.record("something was lost") }
        )
        for (number, place) in [0.1, 0.3, 0.2, 0.9].enumerated() {
            recorder.take(.example(2, of: .example(UInt64(number), at: place), "turn"))
        }
        #expect(count.withLock { $0 } == 2)
    }

    @Test("Spans that do not fit are told of")
    func lost() {
        let count = Mutex(0)
        var limits = TransactionCollector.Limits()
        limits.spansOfTrace = 2
        let recorder = Self.recorder(limits: limits, lost: { lost in count.withLock { $0 += lost } })
        for id in 3...7 { recorder.take(.example(UInt64(id), within: 2)) }
        #expect(count.withLock { $0 } == 3)
    }

    @Test("A transaction goes through the journal, and its account adds up")
    func journal() async throws {
        let folder = try TemporaryFolder(inMemory: ())
        let journal = try await Journal(.init(folder: folder.file("journal")), sealer: TestOperationsSealer())
        let sentry = ScriptedSentry()
        let destination = SentryDestination(sentry, SleepingClock())
        try await journal.register([destination])
        let recorder = Self.recorder(append: { journal.enqueue($0) })
        for trace in 1...3 {
            recorder.take(.example(3, within: 2, of: .example(UInt64(trace))))
            recorder.take(.example(2, within: 1, of: .example(UInt64(trace)), "turn"))
        }
        try await journal.flush()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: Never.self) { try await JournalDelivery(journal, to: [destination]).run() }
            }
            _ = await journal.drain(atMost: .seconds(60))
            group.cancelAll()
        }
        let account = try #require(await journal.ledger().first { $0.destination == "sentry" })
        #expect(account.produced == 3)
        #expect(account.sent == 3)
        #expect(account.queued == 0 && account.dropped.isEmpty)
        #expect(sentry.types == [["transaction"], ["transaction"], ["transaction"]])
        try await journal.close()
    }
}
