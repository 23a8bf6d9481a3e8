/// What became of everything that a destination was to be sent. Pure.
struct DestinationAccount: Hashable, Sendable {
    /// A kind that the destination takes.
    struct Subscription: Hashable, Sendable {
        /// Records before this position are not for it.
        var from: UInt64
        /// How many of the kind had been produced by then.
        var baseline: UInt64
    }

    /// Names of reasons that an account keeps apart; more go into one.
    private static let reasonLimit = 24
    private static let otherReasons = "other"

    let name: String
    var subscriptions: [JournalKind: Subscription] = [:]
    /// What was produced of kinds that it takes no more.
    var closed: UInt64 = 0
    var sent: UInt64 = 0
    /// In quarantine, waiting for a person.
    var quarantined: UInt64 = 0
    /// In quarantine's file, on their way again.
    var requeued: UInt64 = 0
    var dropped: [String: UInt64] = [:]
    /// One for each lane.
    var progress: [LaneProgress]

    /// In the segments and not settled: counted when the journal is opened, never written down.
    var queued: UInt64 = 0

    init(name: String, progress: [LaneProgress]) {
        self.name = name
        self.progress = progress
    }

    /// Whether it has been removed and only its figures are kept.
    var isRemoved: Bool { self.subscriptions.isEmpty }

    func reads(_ lane: JournalLane) -> Bool { self.subscriptions.keys.contains { $0.lane == lane } }

    func wants(_ kind: JournalKind, _ position: UInt64) -> Bool {
        self.subscriptions[kind].map { $0.from <= position } ?? false
    }

    /// Whether a record is still to be sent.
    func isQueued(_ kind: JournalKind, _ position: UInt64) -> Bool {
        self.wants(kind, position) && !self.progress[kind.lane.index].isSettled(position)
    }

    mutating func drop(_ count: UInt64, _ reason: String) {
        guard count > 0 else { return }
        let isKnown = self.dropped[reason] != nil || self.dropped.count < Self.reasonLimit
        self.dropped[isKnown ? reason : Self.otherReasons, default: 0] += count
    }

    /// - Parameter totals: how many records of each kind there have been.
    func produced(_ totals: [UInt64]) -> UInt64 {
        self.subscriptions.reduce(self.closed) { $0 + totals[$1.key.index] - $1.value.baseline }
    }

    /// The account as a person reads it.
    func ledger(_ totals: [UInt64]) -> JournalLedger {
        JournalLedger(
            destination: self.name,
            isRemoved: self.isRemoved,
            produced: self.produced(totals),
            sent: self.sent,
            queued: self.queued + self.requeued,
            quarantined: self.quarantined,
            dropped: self.dropped
        )
    }
}
