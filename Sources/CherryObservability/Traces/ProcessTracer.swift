import Synchronization
import Tracing

/// The tracer of this process: there is one for all, so it is there from the first use on and turned on and off.
public final class ProcessTracer: Sendable {
    /// The only one.
    public static let shared = ProcessTracer()

    /// Whether traces are made, and how many are kept.
    let tracing = TracingSwitch(keeping: nil)
    private let sink = Mutex(Sink())

    /// A struct, since a function that is a `Mutex`'s own value is wrapped once more each time it is looked at.
    private struct Sink {
        var take: (@Sendable (SpanRecord) -> Void)?
    }

    private init() {
        let tracer = SpanTracer(self.tracing) { [weak self] span in self?.sink.withLock { $0.take }?(span) }
        InstrumentationSystem.bootstrap(tracer)
    }

    /// Whether traces are made.
    public var isOn: Bool { self.tracing.isOn }

    /// Makes traces and hands on what is kept of them; `nil` makes none.
    ///
    /// - Parameter share: the part of traces that is kept, from 0 to 1.
    func trace(keeping share: Double?, _ sink: @escaping @Sendable (SpanRecord) -> Void) {
        self.sink.withLock { $0.take = share == nil ? nil : sink }
        self.tracing.keep(share)
    }
}
