import CherryCore
import Synchronization
import Testing
import Tracing

@testable import CherryObservability

@Suite("Spans")
struct SpanTracerTests {
    private final class Sink: Sendable {
        private let list = Mutex<[SpanRecord]>([])
        var spans: [SpanRecord] { self.list.withLock { $0 } }
        func take(_ span: SpanRecord) { self.list.withLock { $0.append(span) } }
    }

    private let sink = Sink()

    private func tracer(keeping share: Double? = 1) -> SpanTracer {
        SpanTracer(TracingSwitch(keeping: share)) { [sink] in sink.take($0) }
    }

    private struct Fields: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    }

    @Test("A span within another belongs to its trace and names it as its parent")
    func nesting() throws {
        self.tracer().withSpan("turn") { _ in self.tracer().withSpan("turn.recall") { _ in } }
        let spans = self.sink.spans
        try #require(spans.map(\.name) == ["turn.recall", "turn"])
        #expect(spans[0].context.trace == spans[1].context.trace)
        #expect(spans[0].parent == spans[1].context.span)
        #expect(spans[1].parent == nil)
        #expect(spans.allSatisfy { $0.start <= $0.end })
    }

    @Test("A trace goes on from one process to the next")
    func propagation() throws {
        let tracer = self.tracer()
        var carrier: [String: String] = [:]
        tracer.withSpan("turn") { span in tracer.inject(span.context, into: &carrier, using: Fields()) }
        var context = InstrumentationContext.topLevel
        tracer.extract(carrier, into: &context, using: Fields())
        tracer.withSpan("http.request", context: context, ofKind: .server) { _ in }
        let spans = self.sink.spans
        try #require(spans.count == 2)
        #expect(spans[1].context.trace == spans[0].context.trace)
        #expect(spans[1].parent == spans[0].context.span)
        #expect(spans[1].kind == .server)
    }

    @Test("Of none, of all and of half of the traces as many are kept")
    func sampling() {
        for (share, range) in [(0.0, 0...0), (1.0, 1000...1000), (0.5, 400...600)] {
            let sink = Sink()
            let tracer = SpanTracer(TracingSwitch(keeping: share)) { sink.take($0) }
            for _ in 0..<1000 { tracer.withSpan("turn") { _ in } }
            #expect(range.contains(sink.spans.count), "\(share)")
        }
    }

    @Test("Of very many traces at once no more are kept than the rate allows, whoever began them, and all are counted")
    func rate() {
        let now = Mutex(Timestamp(milliseconds: 0))
        let tracing = TracingSwitch(
            keeping: 1,
            rate: TokenBucket(burst: 5, interval: .seconds(1)),
            clock: WallClock { now.withLock { $0 } }
        )
        let tracer = SpanTracer(tracing) { [sink] in sink.take($0) }
        for _ in 0..<3 { tracer.withSpan("turn") { _ in tracer.withSpan("turn.recall") { _ in } } }
        for _ in 0..<10 {
            var context = InstrumentationContext.topLevel
            tracer.extract(["traceparent": TraceContextTests.field], into: &context, using: Fields())
            tracer.withSpan("http.request", context: context) { _ in }
        }
        #expect(self.sink.spans.count == 3 * 2 + 2)
        now.withLock { $0 = $0 + .seconds(2) }
        for _ in 0..<3 { tracer.withSpan("turn") { _ in } }
        #expect(self.sink.spans.count == 3 * 2 + 2 + 2)
        #expect(tracing.counts == .init(kept: 7, outsideShare: 0, overRate: 9))
        tracing.keep(0)
        tracer.withSpan("turn") { _ in }
        #expect(tracing.counts.outsideShare == 1)
    }

    @Test("A trace can be begun before its first span, and only if it is kept")
    func begun() throws {
        #expect(self.tracer(keeping: nil).begin() == nil)
        #expect(self.tracer(keeping: 0).begin() == nil)
        let tracing = TracingSwitch(keeping: 1, rate: TokenBucket(burst: 1, interval: .seconds(1)))
        let tracer = SpanTracer(tracing) { [sink] in sink.take($0) }
        let context = try #require(tracer.begin())
        #expect(tracer.begin() == nil)
        tracer.withSpan("http.request", context: context) { _ in tracer.withSpan("gateway.attempt") { _ in } }
        let spans = self.sink.spans
        try #require(spans.map(\.name) == ["gateway.attempt", "http.request"])
        #expect(spans[1].parent == nil && spans[0].parent == spans[1].context.span)
        #expect(spans[0].context.trace == spans[1].context.trace)
        #expect(tracing.counts == .init(kept: 1, outsideShare: 0, overRate: 1))
    }

    @Test("A trace that is not kept here stays so in all that follows from it")
    func notSampled() {
        let tracer = self.tracer(keeping: 0)
        var carrier: [String: String] = [:]
        tracer.withSpan("turn") { span in
            #expect(!span.isRecording)
            tracer.inject(span.context, into: &carrier, using: Fields())
            self.tracer(keeping: 1).withSpan("turn.recall") { _ in }
        }
        #expect(carrier["traceparent"]?.hasSuffix("-00") == true)
        #expect(self.sink.spans.isEmpty)
    }

    @Test("Of traces from outside no more is kept than of others, and none that is not kept there")
    func sampledOutside() {
        let field = TraceContextTests.field
        for (share, field, count) in [(1.0, field, 1), (0.0, field, 0), (1.0, field.dropLast(2) + "00", 0)] {
            let sink = Sink()
            let tracer = SpanTracer(TracingSwitch(keeping: share)) { sink.take($0) }
            var context = InstrumentationContext.topLevel
            tracer.extract(["traceparent": String(field)], into: &context, using: Fields())
            tracer.withSpan("turn", context: context) { _ in }
            #expect(sink.spans.count == count, "\(share), \(field)")
        }
    }

    @Test("While nothing is traced, no span is kept, whatever comes in, and nothing is sent on")
    func off() {
        let tracer = self.tracer(keeping: nil)
        var context = InstrumentationContext.topLevel
        tracer.extract(["traceparent": TraceContextTests.field], into: &context, using: Fields())
        #expect(context.trace == nil)
        var carrier: [String: String] = [:]
        context.trace = TraceContext(traceparent: TraceContextTests.field)
        tracer.withSpan("turn", context: context) { span in
            #expect(!span.isRecording)
            tracer.inject(span.context, into: &carrier, using: Fields())
        }
        #expect(carrier.isEmpty)
        #expect(self.sink.spans.isEmpty)
    }

    @Test("Turning the switch counts from the next trace on")
    func turned() {
        let tracing = TracingSwitch(keeping: nil)
        let tracer = SpanTracer(tracing) { [sink] in sink.take($0) }
        tracer.withSpan("turn") { _ in }
        tracing.keep(1)
        tracer.withSpan("turn") { _ in }
        tracing.keep(nil)
        tracer.withSpan("turn") { _ in }
        #expect(self.sink.spans.count == 1)
    }

    @Test("A span that failed says so without the error's words")
    func failure() throws {
        struct Private: Error, CustomStringConvertible { var description: String { "my diary" } }
        #expect(throws: Private.self) { try self.tracer().withSpan("turn") { _ in throw Private() } }
        let span = try #require(self.sink.spans.first)
        #expect(span.hasFailed)
        #expect(!String(decoding: span.payload, as: UTF8.self).contains("diary"))
    }

    @Test("Ending twice counts once, and nothing is added after the end")
    func endedOnce() throws {
        let span = self.tracer().startSpan("turn")
        span.end()
        span.attributes["cherry.hits"] = 3
        span.end()
        #expect(self.sink.spans.count == 1)
        #expect(try #require(self.sink.spans.first).attributes.isEmpty)
    }

    @Test("Only what the rules name is kept, whoever said it")
    func rules() throws {
        self.tracer().withSpan("GET https://example.org/?q=secret") { span in
            span.attributes["http.route"] = "/v1/models/{model}"
            span.attributes["http.request.method"] = "my diary"
            span.attributes["http.response.status_code"] = 200
            span.attributes["error.type"] = "someone@example.org"
            span.attributes["url.full"] = "https://example.org/?q=secret"
            span.attributes["cherry.cached"] = true
            span.attributes["cherry.hits"] = "secret"
        }
        let span = try #require(self.sink.spans.first)
        #expect(span.name == "other")
        #expect(
            span.attributes == [
                .init("cherry.cached", .bool(true)),
                .init("http.request.method", .text("other")),
                .init("http.response.status_code", .integer(200)),
                .init("http.route", .text("/v1/models/{model}")),
            ]
        )
    }

    @Test("What the journal keeps reads again, and cut anywhere it is no span")
    func payload() throws {
        self.tracer().withSpan("turn", ofKind: .client) { span in
            span.attributes["cherry.hits"] = 3
            span.attributes["cherry.cached"] = false
            span.attributes["error.type"] = "timed_out"
            self.tracer().withSpan("turn.model") { _ in }
        }
        for span in self.sink.spans {
            #expect(SpanRecord(payload: span.payload) == span)
            for length in 0..<span.payload.count { #expect(SpanRecord(payload: Array(span.payload[..<length])) == nil) }
        }
    }
}
