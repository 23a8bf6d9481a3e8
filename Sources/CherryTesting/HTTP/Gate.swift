import Synchronization

/// Holds something up until a test opens it. Opening twice is the same as once.
public final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [@Sendable () -> Void] = []
    }
    private let state = Mutex(State())

    /// Creates a closed gate.
    public init() {}

    /// Lets everybody through, now and later.
    public func open() {
        let waiting = self.state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for resume in waiting { resume() }
    }

    /// Runs `body` when the gate is open, on the thread that opens it or, when it already is, on this one.
    public func whenOpen(_ body: @escaping @Sendable () -> Void) {
        let isOpen = self.state.withLock { state in
            if !state.isOpen { state.waiting.append(body) }
            return state.isOpen
        }
        if isOpen { body() }
    }

    /// Returns when the gate is open. Does not react to cancellation.
    public func wait() async {
        await withCheckedContinuation { continuation in
            self.whenOpen { continuation.resume() }
        }
    }
}
