import CherryCore

/// Names a record in its journal. Positions of a lane count from zero and are never given twice to records that
/// anybody was sent.
struct RecordKey: Hashable, Sendable, Comparable {
    let lane: JournalLane
    let position: UInt64

    /// The same for ever: 32 hexadecimal digits of the journal's id, the lane and the position.
    func id(in journal: UInt64) -> String { self.number(in: journal).hexadecimal }

    /// `id` as a number.
    func number(in journal: UInt64) -> UInt128 {
        UInt128(journal) << 64 | UInt128(UInt64(self.lane.rawValue) << 63 | self.position)
    }

    static func < (lhs: RecordKey, rhs: RecordKey) -> Bool {
        (lhs.lane.rawValue, lhs.position) < (rhs.lane.rawValue, rhs.position)
    }

    /// Reads what `id` wrote.
    init?(_ id: String, in journal: UInt64) {
        guard id.utf8.count == 32, id.hasPrefix(journal.hexadecimal),
            let number = UInt64(id.suffix(16), radix: 16), let lane = JournalLane(rawValue: UInt8(number >> 63))
        else { return nil }
        self.init(lane: lane, position: number & ~(1 << 63))
    }

    init(lane: JournalLane, position: UInt64) {
        self.lane = lane
        self.position = position
    }
}
