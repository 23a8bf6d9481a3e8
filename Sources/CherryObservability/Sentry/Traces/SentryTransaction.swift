/// A request, a turn or another whole piece of work, with the steps in it.
struct SentryTransaction: Sendable, Hashable {
    /// The whole. Its parent, if it has one, is in another transaction or another process.
    var root: SpanRecord
    /// What went on within it, at whatever depth, in the order of their ends.
    var spans: [SpanRecord]
}
