/// Counts durations in classes that are at most 1/64 of their value wide, from a microsecond up: memory that does not grow,
/// and percentiles that are right to 1.6 %.
struct Histogram: Sendable {
    /// Classes per doubling.
    private static let classes = 64
    private static let doublings = 40
    /// About 81 days.
    static let greatest = 1 << 46

    private var counts = Array(repeating: 0, count: Self.classes * (Self.doublings + 1))
    private(set) var count = 0
    private(set) var sum = 0
    private(set) var highest = 0
    private(set) var lowest = Int.max

    /// Notes one duration, in tenths of a microsecond.
    mutating func record(_ value: Int) {
        let value = min(max(0, value), Self.greatest)
        self.counts[Self.place(of: value)] += 1
        self.count += 1
        self.sum += value
        self.highest = max(self.highest, value)
        self.lowest = min(self.lowest, value)
    }

    /// The duration below which `part` of all lie, between 0 and 1; 0 when there are none.
    func percentile(_ part: Double) -> Int {
        let wanted = max(1, Int((Double(self.count) * part).rounded(.up)))
        var seen = 0
        for (place, count) in self.counts.enumerated() where count > 0 {
            seen += count
            if seen >= wanted { return min(max(Self.middle(of: place), self.lowest), self.highest) }
        }
        return 0
    }

    /// Values below `classes` have a class each; above, each doubling is cut into as many.
    private static func place(of value: Int) -> Int {
        guard value >= self.classes else { return value }
        let doubling = Int.bitWidth - 1 - value.leadingZeroBitCount - 6
        return min(doubling * self.classes + (value >> doubling), self.classes * (self.doublings + 1) - 1)
    }

    private static func middle(of place: Int) -> Int {
        guard place >= 2 * self.classes else { return place }
        let doubling = place / self.classes - 1
        let base = (place % self.classes + self.classes) << doubling
        return base + (1 << doubling) / 2
    }
}
