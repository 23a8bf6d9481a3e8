/// Gives the lines of one stream times in nanoseconds that only grow, so that their order is kept and no two lines
/// become one.
struct LokiStreamClock: Sendable, Hashable {
    /// A line that is older than the one before it by more than this keeps its own time: the clock was set back.
    static let patience: Int64 = 10_000_000_000

    /// The time of the line before; `nil` before the first.
    var last: Int64?

    /// The time for the next line.
    mutating func nanoseconds(for time: LogTime) -> Int64 {
        let (own, overflows) = time.microseconds.multipliedReportingOverflow(by: 1000)
        var value = overflows ? .max : own
        if let last, value <= last, last - value <= Self.patience { value = last + 1 }
        self.last = value
        return value
    }
}
