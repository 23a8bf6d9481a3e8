/// All that is written down beside the records themselves: where the lanes were, what was refused, how far each
/// destination has come. Replaced as a whole, so that its figures always belong together.
struct JournalState: Hashable, Sendable {
    static let destinationLimit = 12

    let journal: UInt64
    /// Grows by one each time it is written.
    var generation: UInt64 = 0
    /// Opens only under the operations key that the journal began with.
    var probe: [UInt8] = []
    /// Where each lane was.
    var marks = [LaneMark](repeating: LaneMark(), count: JournalLane.allCases.count)
    /// Produced but never written, of each kind.
    var refused = [UInt64](repeating: 0, count: JournalKind.room)
    /// Which quarantine file holds, and how much of it.
    var quarantine = QuarantineExtent(generation: 0, length: 0)
    var accounts: [DestinationAccount] = []
    /// How far delivery had come could not be read, and destinations are being registered again: nothing is settled.
    var isRebuilt = false

    init(journal: UInt64) { self.journal = journal }

    /// How many records of each kind there have been.
    var totals: [UInt64] {
        JournalKind.allCases.map { self.marks[$0.lane.index].written[$0.index] + self.refused[$0.index] }
    }

    /// The kinds that somebody takes.
    var wantedKinds: Set<JournalKind> { Set(self.accounts.flatMap(\.subscriptions.keys)) }

    /// The first position of a lane that somebody still needs.
    func floor(_ lane: JournalLane) -> UInt64 {
        if self.isRebuilt { return 0 }
        return self.accounts.filter { $0.reads(lane) }.map { $0.progress[lane.index].cursor }.min()
            ?? self.marks[lane.index].position
    }

    func account(_ name: String) -> Int? { self.accounts.firstIndex { $0.name == name } }

    /// Counts records that were produced and given up before they were written.
    mutating func refuse(_ kind: JournalKind, _ count: UInt64, _ reason: String) {
        guard self.accounts.contains(where: { $0.subscriptions[kind] != nil }) else { return }
        self.refused[kind.index] += count
        for index in self.accounts.indices where self.accounts[index].subscriptions[kind] != nil {
            self.accounts[index].drop(count, reason)
        }
    }
}

/// The part of a quarantine file that holds.
struct QuarantineExtent: Hashable, Sendable {
    var generation: UInt32
    var length: Int
}
