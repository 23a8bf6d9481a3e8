import Synchronization
public import Tracing

/// Begins spans, and hands over those that have ended.
///
/// Whether a trace is kept is decided where it begins, from its id, and holds for all of it; a trace that a browser or a tool
/// began keeps what they decided.
public struct SpanTracer: Tracer {
    private let isKept: @Sendable (TraceID) -> Bool
    private let sink: @Sendable (SpanRecord) -> Void

    /// - Parameters:
    ///   - share: the part of traces that is kept, from 0 to 1.
    ///   - sink: takes each kept span when it ends. Must not wait.
    public init(keeping share: Double, sink: @escaping @Sendable (SpanRecord) -> Void) {
        // The low half of an id is random wherever the whole is not, and any 53 bits of it are as good as others.
        let limit = UInt64((min(max(share, 0), 1) * 0x1p53).rounded())
        self.isKept = { $0.low >> 11 < limit }
        self.sink = sink
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
        let parent = context.trace
        var random = SystemRandomNumberGenerator()
        let trace = parent?.trace ?? .random(using: &random)
        let own = TraceContext(
            trace: trace,
            span: .random(using: &random),
            isSampled: parent?.isSampled ?? self.isKept(trace)
        )
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
        guard let field = extractor.extract(key: TraceContext.field, from: carrier),
            let trace = TraceContext(traceparent: field)
        else { return }
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
    private let trace: TraceContext
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

    public var operationName: String {
        get { self.state.withLock { $0.name } }
        set { self.state.withLock { $0.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { self.state.withLock { $0.attributes } }
        set { if self.trace.isSampled { self.state.withLock { $0.attributes = newValue } } }
    }

    public var isRecording: Bool { self.trace.isSampled && self.state.withLock { !$0.isEnded } }

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
        guard self.trace.isSampled else { return }
        let end = instant().nanosecondsSinceEpoch
        let ended = self.state.withLock { state -> State? in
            guard !state.isEnded else { return nil }
            state.isEnded = true
            return state
        }
        guard let ended else { return }
        self.sink(
            SpanRecord(
                context: self.trace,
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
