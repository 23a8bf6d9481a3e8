/// What became of everything that was to reach one destination of the journal.
struct LedgerAnswer: Decodable {
    let produced: UInt64
    let sent: UInt64
    let queued: UInt64
    let quarantined: UInt64
    /// By reason.
    let dropped: [String: UInt64]
    let balanced: Bool
}
