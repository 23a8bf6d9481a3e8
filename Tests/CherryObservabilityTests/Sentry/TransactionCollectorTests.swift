import Testing

@testable import CherryObservability

extension TraceID {
    /// A trace that stands so far among all: 0 is the first, 1 would be behind the last.
    static func example(_ number: UInt64, at place: Double = 0.5) -> TraceID {
        TraceID(high: number, low: UInt64(place * 0x1p53) << 11) ?? .example(1)
    }
}

extension SpanID {
    static func example(_ number: UInt64) -> SpanID { SpanID(max(number, 1)) ?? .example(1) }
}

extension SpanRecord {
    /// A span that ended so many seconds after 1970, a second after it began.
    static func example(
        _ id: UInt64,
        within parent: UInt64? = nil,
        of trace: TraceID = .example(1),
        _ name: String = "turn.recall",
        _ kind: Kind = .internal,
        end: UInt64 = 1000,
        hasFailed: Bool = false,
        _ attributes: [Attribute] = []
    ) -> SpanRecord {
        SpanRecord(
            context: TraceContext(trace: trace, span: .example(id), isSampled: true),
            parent: parent.flatMap { SpanID($0) },
            name: name,
            kind: kind,
            start: (end - 1) * 1_000_000_000,
            end: end * 1_000_000_000,
            hasFailed: hasFailed,
            attributes: attributes
        )
    }
}

@Suite("Spans are put together to transactions")
struct TransactionCollectorTests {
    private static let remote: UInt64 = 0xBEEF

    private static func request(_ id: UInt64, of trace: TraceID = .example(1), end: UInt64 = 1000) -> SpanRecord {
        .example(id, within: self.remote, of: trace, "http.request", .server, end: end)
    }

    private static func ids(_ outcome: TransactionCollector.Outcome) -> [UInt64]? {
        outcome.transaction.map { [$0.root.context.span.value] + $0.spans.map(\.context.span.value) }
    }

    @Test("A request has what ended within it, at any depth; what waits is empty then")
    func request() {
        var collector = TransactionCollector()
        for span in [SpanRecord.example(4, within: 3), .example(3, within: 2), .example(5, within: 2)] {
            #expect(collector.take(span) == .init())
        }
        let outcome = collector.take(Self.request(2))
        #expect(Self.ids(outcome) == [2, 4, 3, 5])
        #expect(outcome.transaction?.root.parent == SpanID(Self.remote))
        #expect(outcome.lost == 0 && collector.waitingCount == 0)
    }

    @Test("A step that ended after the step that it belongs to is found as well")
    func crossed() {
        var collector = TransactionCollector()
        for span in [SpanRecord.example(3, within: 2), .example(4, within: 3), .example(5, within: 4)] {
            _ = collector.take(span)
        }
        #expect(Self.ids(collector.take(Self.request(2))) == [2, 3, 4, 5])
    }

    @Test("What has no parent is a whole")
    func root() {
        var collector = TransactionCollector()
        #expect(Self.ids(collector.take(.example(1, "store.commit"))) == [1])
    }

    @Test("A turn is a transaction of its own, whether its request was answered before or ends later")
    func turn() {
        let recall = SpanRecord.example(4, within: 3)
        let turn = SpanRecord.example(3, within: 2, "turn")
        let request = Self.request(2)
        for order in [[recall, request, turn], [request, recall, turn], [recall, turn, request]] {
            var collector = TransactionCollector()
            let outcomes = order.map { collector.take($0) }
            #expect(Set(outcomes.compactMap(Self.ids)) == [[2], [3, 4]])
            let own = outcomes.compactMap(\.transaction).first { $0.root.name == "turn" }
            #expect(own?.root.parent == SpanID(2) && own?.root.context.trace == .example(1))
            #expect(collector.waitingCount == 0)
        }
    }

    @Test("What ends after its transaction is one of its own, with what is within it")
    func late() {
        var collector = TransactionCollector()
        _ = collector.take(.example(3, within: 2))
        _ = collector.take(Self.request(2))
        #expect(collector.take(.example(5, within: 4)) == .init())
        #expect(Self.ids(collector.take(.example(4, within: 2, "gateway.attempt", .client))) == [4, 5])
        #expect(Self.ids(collector.take(.example(6, within: 3))) == [6])
        #expect(collector.waitingCount == 0)
    }

    @Test("Traces do not mix, even where ids of spans are the same")
    func traces() {
        var collector = TransactionCollector()
        _ = collector.take(.example(3, within: 2))
        _ = collector.take(.example(4, within: 2, of: .example(2)))
        #expect(Self.ids(collector.take(Self.request(2, of: .example(2)))) == [2, 4])
        #expect(Self.ids(collector.take(Self.request(2))) == [2, 3])
        #expect(collector.take(.example(5, within: 2, of: .example(3))) == .init())
    }

    @Test("Of a trace only so many spans wait; the others are counted")
    func spansOfTrace() {
        var collector = TransactionCollector()
        let lost = (0..<1005).map { collector.take(.example(10 + $0, within: 2)).lost }
        #expect(lost.reduce(0, +) == 5)
        #expect(lost.prefix(1000).allSatisfy { $0 == 0 })
        let outcome = collector.take(Self.request(2))
        #expect(outcome.transaction?.spans.count == 1000)
    }

    @Test("Where too many traces wait, the one that waits longest is given up and its spans are counted")
    func manyTraces() {
        var limits = TransactionCollector.Limits()
        limits.traces = 2
        var collector = TransactionCollector(limits: limits)
        _ = collector.take(.example(3, within: 2, of: .example(1), end: 1000))
        _ = collector.take(.example(3, within: 2, of: .example(2), end: 1001))
        _ = collector.take(.example(4, within: 2, of: .example(1), end: 1002))
        #expect(collector.take(.example(3, within: 2, of: .example(3), end: 1003)) == .init(lost: 1))
        #expect(collector.waitingCount == 3)
        #expect(Self.ids(collector.take(Self.request(2, of: .example(2)))) == [2])
        #expect(Self.ids(collector.take(Self.request(2, of: .example(1)))) == [2, 3, 4])
    }

    @Test("Where too many spans wait, the trace that waits longest is given up")
    func manySpans() {
        var limits = TransactionCollector.Limits()
        limits.spans = 3
        var collector = TransactionCollector(limits: limits)
        for id in 3...4 { _ = collector.take(.example(UInt64(id), within: 2, of: .example(1))) }
        _ = collector.take(.example(3, within: 2, of: .example(2), end: 1001))
        #expect(collector.take(.example(4, within: 2, of: .example(2), end: 1002)) == .init(lost: 2))
        #expect(collector.waitingCount == 2)
        // Alone it is given up for its own next span.
        _ = collector.take(.example(5, within: 2, of: .example(2), end: 1003))
        #expect(collector.take(.example(6, within: 2, of: .example(2), end: 1004)) == .init(lost: 3))
        #expect(collector.waitingCount == 1)
    }

    @Test("A trace that never ends is given up after an hour without a span, and counted")
    func age() {
        var collector = TransactionCollector()
        _ = collector.take(.example(3, within: 2, end: 1000))
        _ = collector.take(.example(4, within: 2, end: 3000))
        _ = collector.take(.example(5, within: 2, of: .example(2), end: 1000))
        #expect(collector.take(.example(9, of: .example(3), end: 4600)).lost == 0)
        #expect(collector.take(.example(9, of: .example(3), end: 4661)).lost == 1)
        #expect(collector.waitingCount == 2)
        #expect(collector.take(.example(9, of: .example(3), end: 6661)).lost == 2)
        #expect(collector.waitingCount == 0)
    }

    @Test("Only so many spans that were handed on are remembered")
    func recent() {
        var recent = RecentSpans(limit: 3)
        let spans = (1...5).map { SpanRecord.example($0).context }
        for span in spans { recent.insert(span) }
        recent.insert(spans[4])
        #expect(spans.map(recent.contains) == [false, false, true, true, true])
    }
}
