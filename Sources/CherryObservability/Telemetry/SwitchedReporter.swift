public import CherryCore
import Synchronization
import Tracing

/// Passes on to whoever takes reports now; there may be nobody.
public final class SwitchedReporter: ErrorReporter {
    private let current = Mutex<(any ErrorReporter)?>(nil)

    /// Begins with nobody.
    public init() {}

    func pass(to reporter: (any ErrorReporter)?) { self.current.withLock { $0 = reporter } }

    public func report(_ failure: FailureReport) {
        guard let reporter = self.current.withLock({ $0 }) else { return }
        var failure = failure
        if failure.trace == nil, let trace = InstrumentationContext.current?.trace {
            failure.trace = ("\(trace.trace)", "\(trace.span)")
        }
        reporter.report(failure)
    }

    public func note(_ milestone: Milestone) { self.current.withLock { $0 }?.note(milestone) }
}
