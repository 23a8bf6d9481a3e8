/// How far a destination has come in a lane.
struct LaneProgress: Hashable, Sendable {
    /// Everything before it is settled.
    private(set) var cursor: UInt64
    /// What is settled beyond it.
    private(set) var beyond = RangeSet()

    init(cursor: UInt64) { self.cursor = cursor }

    func isSettled(_ position: UInt64) -> Bool { position < self.cursor || self.beyond.contains(position) }

    mutating func settle(_ positions: Range<UInt64>) {
        guard positions.upperBound > self.cursor else { return }
        if positions.lowerBound > self.cursor {
            self.beyond.insert(positions)
            return
        }
        self.cursor = positions.upperBound
        while let end = self.beyond.takeFirst(reaching: self.cursor) { self.cursor = max(self.cursor, end) }
    }

    /// Adds what was settled beyond the cursor, when a state is read.
    mutating func restore(_ range: Range<UInt64>) { self.beyond.insert(range) }
}
