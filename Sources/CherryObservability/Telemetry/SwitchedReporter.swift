public import CherryCore
import Synchronization

/// Passes on to whoever takes reports now; there may be nobody.
public final class SwitchedReporter: ErrorReporter {
    private let current = Mutex<(any ErrorReporter)?>(nil)

    /// Begins with nobody.
    public init() {}

    func pass(to reporter: (any ErrorReporter)?) { self.current.withLock { $0 = reporter } }

    public func report(_ failure: FailureReport) { self.current.withLock { $0 }?.report(failure) }
    public func note(_ milestone: Milestone) { self.current.withLock { $0 }?.note(milestone) }
}
