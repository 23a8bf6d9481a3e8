import Synchronization

/// Entries that somebody waits for, on their way to the disk.
final class AppendTicket: Sendable {
    enum Outcome: Sendable {
        case written
        /// There is no room now; nothing was written.
        case noRoom
        case failed(JournalError)
    }

    let entries: [JournalEntry]
    /// Whether debug logs may be thrown away for it, and itself when that is not enough.
    let isUrgent: Bool
    private let result = Mutex<Outcome?>(nil)

    init(_ entries: [JournalEntry], isUrgent: Bool) {
        self.entries = entries
        self.isUrgent = isUrgent
    }

    var outcome: Outcome? { self.result.withLock { $0 } }

    /// Says what came of it; what was said first holds.
    func finish(_ outcome: Outcome) {
        self.result.withLock { if $0 == nil { $0 = outcome } }
    }
}
