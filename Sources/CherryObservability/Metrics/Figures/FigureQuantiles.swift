/// How long something took, of so many times.
public struct FigureQuantiles: Sendable, Hashable {
    public let count: UInt64
    /// Half of them took no longer.
    public let median: Duration
    /// Nineteen of twenty took no longer.
    public let p95: Duration

    /// - Parameter histogram: of seconds.
    /// - Returns: `nil` when nothing was measured.
    init?(_ histogram: FigureHistogram) {
        guard let median = histogram.quantile(0.5), let p95 = histogram.quantile(0.95) else { return nil }
        self.count = histogram.count
        self.median = .seconds(median)
        self.p95 = .seconds(p95)
    }
}
