import Synchronization

/// Wakes whoever waits for something to have happened. Nothing is missed: a waiter names what it has seen.
final class Signal: Sendable {
    private struct State {
        var version: UInt64 = 0
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Grows each time the signal is raised.
    var version: UInt64 { self.state.withLock { $0.version } }

    func raise() {
        let waiters = self.state.withLock { state in
            state.version += 1
            defer { state.waiters.removeAll() }
            return state.waiters.values.map { $0 }
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once the signal has been raised after it had `version`, or when the task is cancelled.
    func wait(after version: UInt64) async {
        let id = self.state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = self.state.withLock { state in
                    guard state.version == version, !Task.isCancelled else { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }

    /// The same, and at the latest after `limit` by `clock`.
    func wait(after version: UInt64, atMost limit: Duration?, clock: any Clock<Duration>) async {
        guard let limit else { return await self.wait(after: version) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(after: version) }
            group.addTask {
                // Ended early only by the cancellation below or by the caller's.
                try? await clock.sleep(for: limit)
            }
            await group.next()
            group.cancelAll()
        }
    }
}
