/// Where each record of a segment lies, five bytes a record.
struct SlotTable: Hashable, Sendable {
    struct Slot: Hashable, Sendable {
        var kind: JournalKind
        /// Where the frame of its block begins; `nil` when nothing of it is left.
        var offset: Int?
        /// Whether its payload is not what was written.
        var isDamaged: Bool
    }

    private static let nowhere = UInt32.max
    private static let damage: UInt8 = 0x80

    private var offsets: [UInt32] = []
    private var marks: [UInt8] = []

    var count: Int { self.marks.count }

    subscript(index: Int) -> Slot {
        let offset = self.offsets[index]
        let mark = self.marks[index]
        return Slot(
            // Only kinds are ever stored.
            kind: JournalKind(rawValue: mark & ~Self.damage) ?? .log,
            offset: offset == Self.nowhere ? nil : Int(offset),
            isDamaged: mark & Self.damage != 0
        )
    }

    func kind(_ index: Int) -> JournalKind { JournalKind(rawValue: self.marks[index] & ~Self.damage) ?? .log }

    /// Adds the records of a block.
    mutating func append(_ slot: Slot, count: Int = 1) {
        let mark = slot.kind.rawValue | (slot.isDamaged || slot.offset == nil ? Self.damage : 0)
        self.offsets.append(contentsOf: repeatElement(slot.offset.map(UInt32.init) ?? Self.nowhere, count: count))
        self.marks.append(contentsOf: repeatElement(mark, count: count))
    }

    mutating func removeLast(_ count: Int) {
        self.offsets.removeLast(count)
        self.marks.removeLast(count)
    }

    /// Adds `count` records of which nothing is left and says how many of their kinds had to be guessed.
    mutating func appendLost(_ count: UInt64, before trail: KindTrail, in lane: JournalLane) -> Int {
        var guessed = 0
        for distance in (0..<count).reversed() {
            let known = trail.kind(distance + 1)
            if known == nil, lane == .essential { guessed += 1 }
            self.append(Slot(kind: known ?? lane.likeliestKind, offset: nil, isDamaged: true))
        }
        return guessed
    }
}
