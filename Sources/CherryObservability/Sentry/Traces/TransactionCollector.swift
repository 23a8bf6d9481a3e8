/// Puts spans together to transactions, one span after the other as they end.
///
/// A span ends a transaction when it is the whole of something: a request that was answered, a turn, what has no parent, and
/// what ended after the transaction that its parent was in. A turn outlives the request that asked for it, so it is a
/// transaction of its own, of the same trace and with that request as its parent. Every other span waits for its whole.
struct TransactionCollector: Sendable {
    struct Limits: Sendable, Hashable {
        /// Traces of which something waits.
        var traces = 1000
        /// Spans of one trace that wait. A Sentry server takes a thousand in one transaction.
        var spansOfTrace = 1000
        /// Spans that wait.
        var spans = 10_000
        /// Nanoseconds after its last span that a trace is given up.
        var age: UInt64 = 3_600_000_000_000
        /// Spans that are remembered once they were handed on, to know whose time is over.
        var recent = 4096
    }

    struct Outcome: Sendable, Hashable {
        var transaction: SentryTransaction?
        /// Spans that will be in no transaction.
        var lost = 0
    }

    private struct Waiting {
        var spans: [SpanRecord] = []
        /// When its last span ended.
        var latest: UInt64 = 0
    }

    /// What is a whole although it began within something else.
    private static let ownWork: Set<String> = ["turn"]
    private static let sweepInterval: UInt64 = 60_000_000_000

    private let limits: Limits
    private var waiting: [TraceID: Waiting] = [:]
    private(set) var waitingCount = 0
    private var recent: RecentSpans
    private var nextSweep: UInt64 = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
        self.recent = RecentSpans(limit: limits.recent)
    }

    /// Takes a span that has ended.
    mutating func take(_ span: SpanRecord) -> Outcome {
        var outcome = Outcome(lost: self.giveUpOld(at: span.end))
        if self.isWhole(span) {
            outcome.transaction = self.transaction(span)
        } else {
            outcome.lost += self.keep(span)
        }
        return outcome
    }

    private func isWhole(_ span: SpanRecord) -> Bool {
        guard let parent = span.parent, span.kind != .server else { return true }
        var above = span.context
        above.span = parent
        return Self.ownWork.contains(span.name) || self.recent.contains(above)
    }

    private mutating func transaction(_ root: SpanRecord) -> SentryTransaction {
        let within = self.takeSpans(within: root)
        self.recent.insert(root.context)
        for span in within { self.recent.insert(span.context) }
        return SentryTransaction(root: root, spans: within)
    }

    private mutating func takeSpans(within root: SpanRecord) -> [SpanRecord] {
        guard var rest = self.waiting.removeValue(forKey: root.context.trace) else { return [] }
        self.waitingCount -= rest.spans.count
        var ids: Set<SpanID> = [root.context.span]
        // What waits mostly ended before its parent, so from the end on one pass finds nearly all.
        while true {
            let before = ids.count
            for span in rest.spans.reversed() {
                if let parent = span.parent, ids.contains(parent) { ids.insert(span.context.span) }
            }
            if ids.count == before { break }
        }
        let within = rest.spans.filter { ids.contains($0.context.span) }
        rest.spans.removeAll { ids.contains($0.context.span) }
        if !rest.spans.isEmpty {
            self.waitingCount += rest.spans.count
            self.waiting[root.context.trace] = rest
        }
        return within
    }

    /// - Returns: how many spans had no room, this one or others.
    private mutating func keep(_ span: SpanRecord) -> Int {
        let trace = span.context.trace
        var lost = 0
        if let waiting = self.waiting[trace] {
            guard waiting.spans.count < self.limits.spansOfTrace else { return 1 }
        } else if self.waiting.count >= self.limits.traces {
            lost += self.giveUpOldest()
        }
        if self.waitingCount >= self.limits.spans { lost += self.giveUpOldest() }
        self.waiting[trace, default: Waiting()].spans.append(span)
        self.waiting[trace]?.latest = span.end
        self.waitingCount += 1
        return lost
    }

    private mutating func giveUpOldest() -> Int {
        guard let trace = self.waiting.min(by: { $0.value.latest < $1.value.latest })?.key else { return 0 }
        return self.giveUp(trace)
    }

    private mutating func giveUpOld(at now: UInt64) -> Int {
        // The wall clock may be set back.
        guard now >= self.nextSweep || self.nextSweep - now > Self.sweepInterval else { return 0 }
        self.nextSweep = now + Self.sweepInterval
        let old = self.waiting.filter { now > $0.value.latest && now - $0.value.latest > self.limits.age }.keys
        return old.reduce(0) { $0 + self.giveUp($1) }
    }

    private mutating func giveUp(_ trace: TraceID) -> Int {
        let count = self.waiting.removeValue(forKey: trace)?.spans.count ?? 0
        self.waitingCount -= count
        return count
    }
}
