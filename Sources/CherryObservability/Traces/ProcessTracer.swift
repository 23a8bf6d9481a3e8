import Synchronization
import Tracing

/// The tracer of this process: there is one for all, so it is there from the first use on and turned on and off.
public final class ProcessTracer: Sendable {
    /// The only one.
    public static let shared = ProcessTracer()

    /// Whether traces are made, and how many are kept.
    let tracing = TracingSwitch(keeping: nil)
    private let sink = Mutex<(@Sendable (SpanRecord) -> Void)?>(nil)

    private init() {
        let tracer = SpanTracer(self.tracing) { [weak self] span in self?.sink.withLock { $0 }?(span) }
        InstrumentationSystem.bootstrap(tracer)
    }

    /// Whether traces are made.
    public var isOn: Bool { self.tracing.isOn }

    /// Makes traces and hands on what is kept of them; `nil` makes none.
    ///
    /// - Parameter share: the part of traces that is kept, from 0 to 1.
    func trace(keeping share: Double?, _ sink: @escaping @Sendable (SpanRecord) -> Void) {
        self.sink.withLock { $0 = share == nil ? nil : sink }
        self.tracing.keep(share)
    }
}
