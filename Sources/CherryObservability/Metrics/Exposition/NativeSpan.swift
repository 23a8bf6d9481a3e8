/// Buckets of a native histogram that follow each other.
struct NativeSpan: Sendable, Hashable {
    /// Empty buckets that are written rather than begin another span.
    private static let longestGap = 2

    /// The index of the first bucket for the first span, else the distance from the end of the one before.
    let offset: Int
    let counts: [UInt64]

    /// The spans of all buckets that have something.
    static func all(in value: NativeHistogramValue) -> [NativeSpan] {
        var ranges: [Range<Int>] = []
        for (slot, count) in value.counts.enumerated() where count > 0 {
            if let last = ranges.last, slot - last.upperBound <= Self.longestGap {
                ranges[ranges.count - 1] = last.lowerBound..<slot + 1
            } else {
                ranges.append(slot..<slot + 1)
            }
        }
        var end = -value.firstIndex
        return ranges.map { range in
            defer { end = range.upperBound }
            return NativeSpan(offset: range.lowerBound - end, counts: Array(value.counts[range]))
        }
    }
}
