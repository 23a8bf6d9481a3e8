import Synchronization

/// A clock that stands still until the test moves it.
final class ManualTimer: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: self.offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - self.offset }
        static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.offset < rhs.offset }
    }

    private struct Sleeper {
        let id: Int
        /// What it asked for.
        let length: Duration
        let end: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleepers: [Sleeper] = []
        var nextID = 0
        var cancelled: Set<Int> = []
        var waiting: [(count: Int, duration: Duration, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var now: Instant { self.state.withLock { $0.now } }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (result, woken): (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) =
                    self.state.withLock { state in
                        if state.cancelled.remove(id) != nil { return (.failure(CancellationError()), []) }
                        if deadline <= state.now { return (.success(()), []) }
                        let length = state.now.duration(to: deadline)
                        state.sleepers.append(
                            Sleeper(id: id, length: length, end: deadline, continuation: continuation)
                        )
                        return (nil, Self.takeSatisfied(&state))
                    }
                if let result { continuation.resume(with: result) }
                for waiter in woken { waiter.resume() }
            }
        } onCancel: {
            let sleeper: Sleeper? = self.state.withLock { state in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    private static func takeSatisfied(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        let now = state.now
        let sleepers = state.sleepers
        let isMet = { (count: Int, duration: Duration) in
            sleepers.filter { $0.length == duration && $0.end == now.advanced(by: duration) }.count >= count
        }
        let met = state.waiting.filter { isMet($0.count, $0.duration) }
        state.waiting.removeAll { isMet($0.count, $0.duration) }
        return met.map(\.continuation)
    }

    /// Returns when somebody has just begun to sleep for `duration`.
    func waitForSleeper(of duration: Duration) async {
        await withCheckedContinuation { continuation in
            let woken = self.state.withLock { state in
                state.waiting.append((1, duration, continuation))
                return Self.takeSatisfied(&state)
            }
            for waiter in woken { waiter.resume() }
        }
    }

    /// Lets time pass.
    func advance(by duration: Duration) {
        let due = self.state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let now = state.now
            let due = state.sleepers.filter { $0.end <= now }
            state.sleepers.removeAll { $0.end <= now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }
}
