import Foundation

/// How many values fell into which range, four ranges to a doubling.
///
/// A range `j` has what is above 2^((j − 1)/4) and at most 2^(j/4): two of the native buckets that a metric keeps.
struct FigureHistogram: Sendable, Hashable {
    /// The range of what is too small to be told from nothing.
    private static let zero = Int(Int16.min)

    /// Of the ranges that have any.
    private var counts: [Int: UInt64] = [:]

    /// Takes in what a metric has. One without native buckets adds nothing.
    mutating func add(_ value: HistogramValue) {
        guard let native = value.native else { return }
        self.add(native.zeros, to: Self.zero)
        for (place, count) in native.counts.enumerated() {
            // Half of it, rounded up.
            self.add(count, to: (native.firstIndex + place + 1) >> 1)
        }
    }

    mutating func add(_ step: FigureHistogramStep) {
        for range in step.ranges { self.add(UInt64(range.count), to: Int(range.index)) }
    }

    /// Takes out what was added before.
    mutating func remove(_ step: FigureHistogramStep) {
        for range in step.ranges {
            let left = (self.counts[Int(range.index)] ?? 0).subtractingReportingOverflow(UInt64(range.count))
            self.counts[Int(range.index)] = left.overflow || left.partialValue == 0 ? nil : left.partialValue
        }
    }

    /// What has come since an earlier reading of the same.
    func since(_ earlier: Self) -> FigureHistogramStep {
        let ranges = self.counts.sorted { $0.key < $1.key }.compactMap { index, count -> FigureHistogramStep.Range? in
            let (new, overflow) = count.subtractingReportingOverflow(earlier.counts[index] ?? 0)
            guard !overflow, new > 0 else { return nil }
            return .init(index: Int16(clamping: index), count: UInt32(clamping: new))
        }
        return FigureHistogramStep(ranges: ranges)
    }

    /// How many values there are.
    var count: UInt64 { self.counts.values.reduce(0, &+) }

    /// The value that a part of all values does not exceed; within a range it is taken to grow evenly by factors.
    ///
    /// - Parameter part: from 0 to 1.
    /// - Returns: in the unit of the metric; `nil` when there are none.
    func quantile(_ part: Double) -> Double? {
        let rank = part * Double(self.count)
        var before = 0.0
        var result: Double?
        for (index, count) in self.counts.sorted(by: { $0.key < $1.key }) {
            if index == Self.zero {
                result = 0
            } else {
                let share = min(max((rank - before) / Double(count), 0), 1)
                result = pow(2, (Double(index) - 1 + share) / 4)
            }
            before += Double(count)
            if before >= rank { break }
        }
        return result
    }

    private mutating func add(_ count: UInt64, to index: Int) {
        if count > 0 { self.counts[index, default: 0] &+= count }
    }
}
