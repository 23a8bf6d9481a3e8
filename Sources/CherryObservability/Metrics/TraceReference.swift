/// The trace that what happens now belongs to: what an exemplar of a metric points to.
public struct TraceReference: Sendable, Hashable {
    /// The two halves of the trace's number, as W3C Trace Context has it.
    public let high: UInt64
    public let low: UInt64
    /// The number of the span.
    public let span: UInt64

    public init(high: UInt64, low: UInt64, span: UInt64) {
        self.high = high
        self.low = low
        self.span = span
    }

    /// The trace of the running task.
    @TaskLocal public static var current: TraceReference?

    /// 32 lower-case hexadecimal digits.
    public var traceID: String { Self.hexadecimal(self.high) + Self.hexadecimal(self.low) }

    /// 16 lower-case hexadecimal digits.
    public var spanID: String { Self.hexadecimal(self.span) }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
