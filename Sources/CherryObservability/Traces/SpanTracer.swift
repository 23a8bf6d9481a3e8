import Synchronization
public import Tracing

/// Begins spans, and hands over those that have ended.
///
/// Whether a trace is kept is decided from its id, and holds for all of it. Of a trace that a browser or a tool began no more
/// is kept than of others, and nothing that they do not keep themselves.
public struct SpanTracer: Tracer {
    private let tracing: TracingSwitch
    private let ids = SpanIDGenerator()
    private let sink: @Sendable (SpanRecord) -> Void

    /// - Parameters:
    ///   - tracing: whether traces are made at all, and how many are kept.
    ///   - sink: takes each kept span when it ends. Must not wait.
    public init(_ tracing: TracingSwitch, sink: @escaping @Sendable (SpanRecord) -> Void) {
        self.tracing = tracing
        self.sink = sink
    }

    /// Begins a trace, if it is to be kept; its first span is still to come.
    ///
    /// For whoever has much to do that is part of no trace: without a context nothing is spent on any.
    func begin() -> InstrumentationContext? {
        guard self.tracing.isOn else { return nil }
        let (trace, _) = self.ids.next(in: nil)
        guard self.tracing.decide(trace) else { return nil }
        var context = InstrumentationContext.topLevel
        context.begunTrace = trace
        return context
    }

    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> RecordedSpan {
        var context = context()
        guard self.tracing.isOn else {
            context.trace = nil
            return RecordedSpan(context: context, name: operationName, kind: .init(kind))
        }
        let parent = context.trace
        let begun = context.begunTrace
        let (trace, span) = self.ids.next(in: parent?.trace ?? begun)
        let isSampled = parent?.isSampled ?? (begun != nil || self.tracing.decide(trace))
        let own = TraceContext(trace: trace, span: span, isSampled: isSampled)
        context.begunTrace = nil
        context.trace = own
        return RecordedSpan(
            context: context,
            trace: own,
            parent: parent?.span,
            name: operationName,
            kind: .init(kind),
            start: own.isSampled ? instant().nanosecondsSinceEpoch : 0,
            sink: self.sink
        )
    }

    @available(*, deprecated)
    public func startAnySpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> any Tracing.Span {
        self.startSpan(
            operationName,
            context: context(),
            ofKind: kind,
            at: instant(),
            function: function,
            file: fileID,
            line: line
        )
    }

    @available(*, deprecated)
    public func forceFlush() {}

    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout InstrumentationContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard self.tracing.isOn, let field = extractor.extract(key: TraceContext.field, from: carrier),
            var trace = TraceContext(traceparent: field)
        else { return }
        trace.isSampled = trace.isSampled && self.tracing.decide(trace.trace)
        context.trace = trace
    }

    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.trace else { return }
        injector.inject(trace.traceparent, forKey: TraceContext.field, into: &carrier)
    }
}

/// A span under way. What it is told after its end, or when its trace is not kept, is let fall.
public final class RecordedSpan: Span {
    private struct State {
        var name: String
        var attributes = SpanAttributes()
        var hasFailed = false
        var isEnded = false
    }

    public let context: InstrumentationContext
    /// `nil` where nothing is traced.
    private let trace: TraceContext?
    private let parent: SpanID?
    private let kind: SpanRecord.Kind
    private let start: UInt64
    private let sink: @Sendable (SpanRecord) -> Void
    private let state: Mutex<State>

    init(
        context: InstrumentationContext,
        trace: TraceContext,
        parent: SpanID?,
        name: String,
        kind: SpanRecord.Kind,
        start: UInt64,
        sink: @escaping @Sendable (SpanRecord) -> Void
    ) {
        self.context = context
        self.trace = trace
        self.parent = parent
        self.kind = kind
        self.start = start
        self.sink = sink
        self.state = Mutex(State(name: name))
    }

    /// One that keeps nothing.
    init(context: InstrumentationContext, name: String, kind: SpanRecord.Kind) {
        self.context = context
        self.trace = nil
        self.parent = nil
        self.kind = kind
        self.start = 0
        self.sink = { _ in }
        self.state = Mutex(State(name: name))
    }

    private var isSampled: Bool { self.trace?.isSampled == true }

    public var operationName: String {
        get { self.state.withLock { $0.name } }
        set { self.state.withLock { $0.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { self.state.withLock { $0.attributes } }
        set { if self.isSampled { self.state.withLock { $0.attributes = newValue } } }
    }

    public var isRecording: Bool { self.isSampled && self.state.withLock { !$0.isEnded } }

    public func setStatus(_ status: SpanStatus) { self.state.withLock { $0.hasFailed = status.code == .error } }

    /// Events have names and attributes of whoever adds them; none is kept.
    public func addEvent(_ event: SpanEvent) {}

    /// Keeps that something failed. What it was is an attribute of whoever knows its code: an error's words may be anybody's.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        self.state.withLock { $0.hasFailed = true }
    }

    public func addLink(_ link: SpanLink) {}

    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard let trace, trace.isSampled else { return }
        let end = instant().nanosecondsSinceEpoch
        let ended = self.state.withLock { state -> State? in
            guard !state.isEnded else { return nil }
            state.isEnded = true
            return state
        }
        guard let ended else { return }
        self.sink(
            SpanRecord(
                context: trace,
                parent: self.parent,
                name: SpanRules.name(ended.name),
                kind: self.kind,
                start: self.start,
                // The wall clock may be set back meanwhile.
                end: max(self.start, end),
                hasFailed: ended.hasFailed,
                attributes: SpanRules.attributes(ended.attributes)
            )
        )
    }
}

extension SpanRecord.Kind {
    init(_ kind: SpanKind) {
        self =
            switch kind {
            case .server: .server
            case .client: .client
            case .producer: .producer
            case .consumer: .consumer
            case .internal: .internal
            }
    }
}
