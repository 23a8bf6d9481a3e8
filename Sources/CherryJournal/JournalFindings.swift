/// What a journal looked like when it was opened.
public struct JournalFindings: Sendable, Hashable {
    /// Bytes of a write that was cut off before it was acknowledged; they were taken away.
    public var tornBytes = 0
    /// Records that are there and cannot be read. They are put into quarantine when their turn comes.
    public var damagedRecords = 0
    /// Records of which not even the kind is known, so that a ledger may not add up.
    public var guessedKinds = 0
    /// What said how far delivery had come could not be read: everything that is there is sent again.
    public var isRebuilt = false

    public init() {}
}
