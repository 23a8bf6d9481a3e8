/// The places of the spans that were handed on last: so many, and no more.
struct RecentSpans: Sendable, Hashable {
    private let limit: Int
    private var spans: Set<TraceContext> = []
    private var order: [TraceContext] = []
    /// Where the oldest stands, once there are as many as may be.
    private var oldest = 0

    init(limit: Int) { self.limit = limit }

    func contains(_ span: TraceContext) -> Bool { self.spans.contains(span) }

    mutating func insert(_ span: TraceContext) {
        guard self.spans.insert(span).inserted else { return }
        guard self.order.count == self.limit else { return self.order.append(span) }
        self.spans.remove(self.order[self.oldest])
        self.order[self.oldest] = span
        self.oldest = (self.oldest + 1) % self.limit
    }
}
