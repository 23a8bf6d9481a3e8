import Synchronization

/// Those who want to know when the vault locks.
final class LockListeners: Sendable {
    private struct State {
        var next = 0
        var all: [Int: AsyncStream<LockReason>.Continuation] = [:]
    }

    private let state = Mutex(State())

    /// A stream of its own for each listener. It holds the newest eight events for a slow one.
    func stream() -> AsyncStream<LockReason> {
        let (stream, continuation) = AsyncStream.makeStream(of: LockReason.self, bufferingPolicy: .bufferingNewest(8))
        let id = self.state.withLock { state in
            state.next += 1
            state.all[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.all.removeValue(forKey: id) }
        }
        return stream
    }

    func tell(_ reason: LockReason) {
        let all = self.state.withLock { Array($0.all.values) }
        for continuation in all { continuation.yield(reason) }
    }

    deinit {
        for continuation in self.state.withLock({ Array($0.all.values) }) { continuation.finish() }
    }
}
