import CherryJournal

/// What became of everything that was to reach one destination of the journal.
struct LedgerView: Encodable {
    let produced: UInt64
    let sent: UInt64
    let queued: UInt64
    let quarantined: UInt64
    /// By reason.
    let dropped: [String: UInt64]
    /// Whether the figures add up to what was produced.
    let balanced: Bool

    init(_ ledger: JournalLedger) {
        self.produced = ledger.produced
        self.sent = ledger.sent
        self.queued = ledger.queued
        self.quarantined = ledger.quarantined
        self.dropped = ledger.dropped
        self.balanced = ledger.isBalanced
    }
}
