/// Positions, as sorted ranges that do not touch.
struct RangeSet: Hashable, Sendable {
    private(set) var ranges: [Range<UInt64>] = []

    func contains(_ position: UInt64) -> Bool {
        guard let index = self.ranges.lastIndex(where: { $0.lowerBound <= position }) else { return false }
        return self.ranges[index].contains(position)
    }

    mutating func insert(_ new: Range<UInt64>) {
        guard !new.isEmpty else { return }
        var merged = new
        let touching = self.ranges.indices.filter {
            self.ranges[$0].lowerBound <= new.upperBound && self.ranges[$0].upperBound >= new.lowerBound
        }
        for index in touching {
            merged =
                min(
                    merged.lowerBound,
                    self.ranges[index].lowerBound
                )..<max(merged.upperBound, self.ranges[index].upperBound)
        }
        let place = touching.first ?? self.ranges.firstIndex { $0.lowerBound > new.lowerBound } ?? self.ranges.endIndex
        self.ranges.replaceSubrange(place..<place + touching.count, with: [merged])
    }

    /// Takes out the range that begins at or before `position` and reaches it, with all that lies before.
    mutating func takeFirst(reaching position: UInt64) -> UInt64? {
        guard let first = self.ranges.first, first.lowerBound <= position else { return nil }
        self.ranges.removeFirst()
        return first.upperBound
    }
}
