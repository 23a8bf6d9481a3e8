import CherryJournal
import Synchronization

/// A destination that does what the test says and keeps what it took.
final class ScriptedDestination: JournalDestination {
    let name: String
    let kinds: Set<JournalKind>
    let limits: DeliveryLimits
    private let script: @Sendable (_ records: [JournalRecord], _ attempt: Int) async -> Delivery
    private let state = Mutex((attempts: 0, taken: [String]()))

    init(
        _ name: String,
        kinds: Set<JournalKind> = [.log],
        records: Int = 10,
        script: @escaping @Sendable (_ records: [JournalRecord], _ attempt: Int) async -> Delivery = { records, _ in
            Delivery(records.map { _ in .sent })
        }
    ) {
        self.name = name
        self.kinds = kinds
        self.limits = DeliveryLimits(records: records, bytes: 1 << 20)
        self.script = script
    }

    /// The texts of what was taken, in order.
    var taken: [String] { self.state.withLock { $0.taken } }
    var attempts: Int { self.state.withLock { $0.attempts } }

    func deliver(_ records: [JournalRecord]) async -> Delivery {
        let attempt = self.state.withLock { state in
            state.attempts += 1
            return state.attempts
        }
        let delivery = await self.script(records, attempt)
        let taken = zip(records, delivery.outcomes).filter { $0.1 == .sent }.map(\.0)
        self.state.withLock { $0.taken += taken.map { String(decoding: $0.entry.payload, as: UTF8.self) } }
        return delivery
    }
}
