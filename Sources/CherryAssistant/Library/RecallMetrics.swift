import Metrics

/// How long one kind of search takes, and how much it finds.
struct RecallMetrics: Sendable {
    private let duration: Timer
    private let hits: Recorder

    /// - Parameter kind: `messages` or `context`.
    init(kind: String) {
        self.duration = Timer(label: "cherry_recall_duration_seconds", dimensions: [("kind", kind)])
        self.hits = Recorder(label: "cherry_recall_hits", dimensions: [("kind", kind)], aggregate: true)
    }

    /// A search has ended that began at `start`.
    func note(since start: ContinuousClock.Instant, hits: Int) {
        self.duration.record(duration: .now - start)
        self.hits.record(hits)
    }
}
