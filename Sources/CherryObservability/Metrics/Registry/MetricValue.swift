/// What a series stood at when it was read.
enum MetricValue: Sendable, Hashable {
    case counter(Double, Exemplar?)
    case gauge(Double)
    case histogram(HistogramValue)

    /// Whether nothing was ever recorded, as far as can be seen.
    var isUnused: Bool {
        switch self {
        case .counter(let value, _), .gauge(let value): value == 0
        case .histogram(let value): value.count == 0
        }
    }
}

/// A histogram as it was read.
struct HistogramValue: Sendable, Hashable {
    /// Upper bounds of all buckets but the last.
    let bounds: [Double]
    /// How many values each bucket has for itself; one more than there are bounds.
    let counts: [UInt64]
    let sum: Double
    /// One place for each bucket.
    let exemplars: [Exemplar?]
    let native: NativeHistogramValue?

    /// How many values there are, from the same reading as the buckets.
    var count: UInt64 { self.counts.reduce(0, &+) }
}

/// The native buckets of a histogram as they were read.
struct NativeHistogramValue: Sendable, Hashable {
    /// The index of the first of the buckets.
    let firstIndex: Int
    let zeroThreshold: Double
    let zeros: UInt64
    let counts: [UInt64]

    var count: UInt64 { self.counts.reduce(self.zeros, &+) }
}
