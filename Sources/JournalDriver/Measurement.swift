import CherryCore
import CherryJournal
import Synchronization

/// How much a journal gets through, printed as `figure NAME VALUE`.
struct Measurement {
    let folder: String
    let sealer: any OperationsSealer

    private static let records = 400_000
    private static let batches = 12_000
    private static let sides = 64
    private static let payload = [UInt8](repeating: UInt8(ascii: "x"), count: 220)

    /// Takes everything and counts it.
    private final class Sink: JournalDestination {
        let name = "sink"
        let kinds = Set(JournalKind.allCases)
        let limits: DeliveryLimits
        private let counts = Mutex((records: 0, batches: 0))

        init(records: Int) { self.limits = DeliveryLimits(records: records, bytes: 1 << 20) }

        var received: (records: Int, batches: Int) { self.counts.withLock { $0 } }

        func deliver(_ records: [JournalRecord]) async -> Delivery {
            self.counts.withLock { $0 = ($0.records + records.count, $0.batches + 1) }
            return Delivery(records.map { _ in .sent })
        }
    }

    func run() async throws {
        try await self.enqueued()
        try await self.acknowledged()
    }

    private func entry(_ kind: JournalKind) -> JournalEntry {
        JournalEntry(kind: kind, at: .now, payload: Self.payload)
    }

    /// Records that nobody waits for, until the disk has the last of them.
    private func enqueued() async throws {
        let journal = try await Journal(JournalConfiguration(folder: self.folder + "-enqueued"), sealer: self.sealer)
        try await journal.register("sink", kinds: [.log])
        let seconds = try await ContinuousClock().measure {
            for count in 1...Self.records {
                journal.enqueue(self.entry(.log))
                // A server that logs has other things to do too; here the writer only needs its turn.
                if count % 8000 == 0 { try await journal.flush() }
            }
            try await journal.flush()
        }
        let line = await journal.ledger()[0]
        guard line.queued == UInt64(Self.records), line.isBalanced else { Output.fail("\(line)") }
        Output.line("figure enqueued_records_per_second \(Double(Self.records) / seconds.inSeconds)")
        try await self.delivered(journal)
        try await journal.close()
    }

    /// The same records to a destination.
    private func delivered(_ journal: Journal) async throws {
        let sink = Sink(records: 1000)
        let seconds = try await ContinuousClock().measure { try await Self.deliver(journal, to: sink) }
        Output.line("figure delivered_records_per_second \(Double(Self.records) / seconds.inSeconds)")
    }

    private static func deliver(_ journal: Journal, to sink: Sink) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await JournalDelivery(journal, to: [sink]).run() }
            group.addTask { _ = await journal.drain(atMost: .seconds(300)) }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Batches of ten, each appended durably, delivered, and noted as delivered durably.
    private func acknowledged() async throws {
        let journal = try await Journal(
            JournalConfiguration(folder: self.folder + "-acknowledged"),
            sealer: self.sealer
        )
        let sink = Sink(records: 10)
        try await journal.register("sink", kinds: [.log])
        let batch = (0..<10).map { _ in self.entry(.log) }
        let seconds = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await JournalDelivery(journal, to: [sink]).run() }
                try await withThrowingTaskGroup(of: Void.self) { appends in
                    for _ in 0..<Self.sides {
                        appends.addTask {
                            for _ in 0..<Self.batches / Self.sides { try await journal.append(batch) }
                        }
                    }
                    try await appends.waitForAll()
                }
                _ = await journal.drain(atMost: .seconds(300))
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        let line = await journal.ledger()[0]
        guard line.sent == line.produced, line.isBalanced else { Output.fail("\(line)") }
        Output.line("figure acknowledged_batches_per_second \(Double(sink.received.batches) / seconds.inSeconds)")
        try await journal.close()
    }
}

extension Duration {
    fileprivate var inSeconds: Double { self / .seconds(1) }
}
