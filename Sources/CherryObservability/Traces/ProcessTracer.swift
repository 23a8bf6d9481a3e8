import CherryCore
import Synchronization
public import Tracing

/// The tracer of this process: there is one for all, so it is there from the first use on and turned on and off.
public final class ProcessTracer: Sendable {
    /// The only one.
    public static let shared = ProcessTracer()

    /// Whether traces are made, and how many are kept.
    let tracing = TracingSwitch(keeping: nil, rate: TokenBucket(burst: 100, interval: .milliseconds(100)))
    private let sink: Sink
    private let tracer: SpanTracer

    /// A struct, since a function that is a `Mutex`'s own value is wrapped once more each time it is looked at.
    private struct Taker {
        var take: (@Sendable (SpanRecord) -> Void)?
    }

    private final class Sink: Sendable {
        let taker = Mutex(Taker())
    }

    private init() {
        let sink = Sink()
        self.sink = sink
        self.tracer = SpanTracer(self.tracing) { span in sink.taker.withLock { $0.take }?(span) }
        InstrumentationSystem.bootstrap(self.tracer)
    }

    /// Begins a trace with a request that belongs to none.
    ///
    /// - Returns: where its first span is to be; `nil` when the trace is not kept, or none is made.
    public func begin() -> InstrumentationContext? { self.tracer.begin() }

    /// What became of the traces that began, for `cherry_traces_total`.
    public var samples: [CollectedSample] {
        let counts = self.tracing.counts
        return [("kept", counts.kept), ("share", counts.outsideShare), ("rate", counts.overRate)].map {
            CollectedSample("cherry_traces_total", labels: ["outcome": $0.0], Double($0.1))
        }
    }

    /// Makes traces and hands on what is kept of them; `nil` makes none.
    ///
    /// - Parameter share: the part of traces that is kept, from 0 to 1.
    func trace(keeping share: Double?, _ sink: @escaping @Sendable (SpanRecord) -> Void) {
        self.sink.taker.withLock { $0.take = share == nil ? nil : sink }
        self.tracing.keep(share)
    }
}
