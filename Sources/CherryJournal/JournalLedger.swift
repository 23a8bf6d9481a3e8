/// What became of everything that a destination was to be sent, since it was registered first.
public struct JournalLedger: Sendable, Hashable {
    public let destination: String
    /// Whether it takes nothing any more.
    public let isRemoved: Bool
    /// From the segments: how many records of its kinds there have been.
    public let produced: UInt64
    /// The destination has them.
    public let sent: UInt64
    /// They wait, or are on their way.
    public let queued: UInt64
    /// Put aside for a person to look at.
    public let quarantined: UInt64
    /// Thrown away, by reason.
    public let dropped: [String: UInt64]

    public init(
        destination: String,
        isRemoved: Bool,
        produced: UInt64,
        sent: UInt64,
        queued: UInt64,
        quarantined: UInt64,
        dropped: [String: UInt64]
    ) {
        self.destination = destination
        self.isRemoved = isRemoved
        self.produced = produced
        self.sent = sent
        self.queued = queued
        self.quarantined = quarantined
        self.dropped = dropped
    }

    /// Whether every record is accounted for.
    public var isBalanced: Bool {
        self.produced == self.sent + self.queued + self.quarantined + self.dropped.values.reduce(0, +)
    }
}
