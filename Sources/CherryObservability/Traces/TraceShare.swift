/// A part of all traces. Their ids decide which belong to it, so a larger part has all traces of a smaller one, in every
/// process.
struct TraceShare: Sendable, Hashable {
    /// Below this lie the places of its traces.
    let limit: Int

    /// The places that there are.
    static let whole = 0x1p53

    /// - Parameter part: from 0 to 1; what is beyond counts as the nearer of them.
    init(_ part: Double) { self.limit = Int((min(max(part, 0), 1) * Self.whole).rounded()) }

    /// Whether a trace belongs to it.
    func contains(_ trace: TraceID) -> Bool { Self.place(of: trace) < self.limit }

    /// Where a trace stands among all, from 0 to 2⁵³.
    static func place(of trace: TraceID) -> Int { Int(trace.low >> 11) }
}
