import Synchronization

/// Ends requests from outside of the task that makes them, such as when the client that they are made for has gone.
///
/// What is made while one is `current` ends with it: the connection is closed at once, and whoever waits gets a
/// `CancellationError`. Works from any thread and needs no task of its own.
public final class RequestAbort: Sendable {
    /// The one that requests of this task and its children belong to.
    @TaskLocal public static var current: RequestAbort?

    private struct State {
        var isAborted = false
        var exchanges: [Exchange] = []
    }
    private let state = Mutex(State())

    /// Creates one for one purpose.
    public init() {}

    /// Whether it has happened.
    public var isAborted: Bool { self.state.withLock { $0.isAborted } }

    /// Ends the requests under way. Later ones do not begin.
    public func abort() {
        let exchanges = self.state.withLock { state in
            state.isAborted = true
            defer { state.exchanges = [] }
            return state.exchanges
        }
        for exchange in exchanges { exchange.cancel() }
    }

    /// Adds an exchange before it begins.
    ///
    /// - Throws: `CancellationError` when it must not.
    func add(_ exchange: Exchange) throws {
        let isTooLate = self.state.withLock { state in
            guard !state.isAborted else { return true }
            state.exchanges.removeAll { $0.isOver }
            state.exchanges.append(exchange)
            return false
        }
        guard isTooLate else { return }
        exchange.cancel()
        throw CancellationError()
    }
}
