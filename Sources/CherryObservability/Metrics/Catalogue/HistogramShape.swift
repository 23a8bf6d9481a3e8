/// Into which ranges a histogram sorts its values.
public struct HistogramShape: Sendable, Hashable {
    /// The most bounds that a histogram may have.
    static let maximumBounds = 23

    /// Upper bounds of the classic buckets, rising; the one without a bound is added.
    public let bounds: [Double]
    /// The power of two at which its native buckets begin, eight to each doubling over 32 doublings; what is smaller
    /// counts as zero. `nil` when it has no native buckets.
    public let nativeFrom: Int?

    public init(bounds: [Double], nativeFrom: Int? = nil) {
        self.bounds = bounds
        self.nativeFrom = nativeFrom
    }

    var isValid: Bool {
        !self.bounds.isEmpty && self.bounds.count <= Self.maximumBounds && self.bounds.allSatisfy(\.isFinite)
            && zip(self.bounds, self.bounds.dropFirst()).allSatisfy(<)
    }

    /// For what a person waits for, from a millisecond to two minutes. Natively from a microsecond on.
    public static let latency = Self(
        bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
        nativeFrom: -20
    )
    /// For what one machine does by itself, from ten microseconds to ten seconds. Natively from a microsecond on.
    public static let work = Self(
        bounds: [0.00001, 0.000025, 0.0001, 0.00025, 0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1, 2.5, 10],
        nativeFrom: -20
    )
    /// For numbers of things.
    public static let amount = Self(bounds: [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000])
}
