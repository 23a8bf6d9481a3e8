import Synchronization

/// Hands the newest feed position to everybody who listens. A slow listener misses older ones, never the newest.
final class PositionFeed: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<Int64>.Continuation] = [:]
        var nextListener = 0
        var newest: Int64 = 0
    }
    private let state = Mutex(State())

    /// A stream of positions that are reached from now on.
    func stream() -> AsyncStream<Int64> {
        let (stream, continuation) = AsyncStream.makeStream(of: Int64.self, bufferingPolicy: .bufferingNewest(1))
        let listener = self.state.withLock { state in
            let listener = state.nextListener
            state.nextListener += 1
            state.listeners[listener] = continuation
            return listener
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: listener) }
        }
        return stream
    }

    /// Tells everybody, unless a newer position was already told.
    func publish(_ position: Int64) {
        self.state.withLock { state in
            guard position > state.newest else { return }
            state.newest = position
            for listener in state.listeners.values { listener.yield(position) }
        }
    }
}
