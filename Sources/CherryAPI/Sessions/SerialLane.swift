import CherryCore
import Synchronization

/// Lets one task at a time through, in order of arrival, with a bound on how many wait.
final class SerialLane: Sendable {
    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var isTaken = false
        var waiters: [Waiter] = []
        var nextID = 0
        /// Waiters that were cancelled before they began to wait.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())
    private let limit: Int

    /// Creates a lane.
    ///
    /// - Parameter limit: how many may wait; one more is turned away.
    init(limit: Int) { self.limit = limit }

    /// Runs `body` when everything that came before is done.
    ///
    /// - Throws: `APIError` with code `tooManyAttempts` when too many are waiting, `CancellationError` when the waiting
    ///   task is cancelled, and what `body` throws.
    func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await self.enter()
        defer { self.leave() }
        return try await body()
    }

    private func enter() async throws {
        enum Decision { case enter, wait(Int), refuse }
        let decision: Decision = self.state.withLock { state in
            if !state.isTaken {
                state.isTaken = true
                return .enter
            }
            guard state.waiters.count < self.limit else { return .refuse }
            state.nextID += 1
            return .wait(state.nextID)
        }
        switch decision {
        case .enter: return
        case .refuse: throw APIError.tooManyAttempts(retryAfter: .seconds(1))
        case .wait(let id): try await self.wait(as: id)
        }
    }

    private func wait(as id: Int) async throws {
        let isMine = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = self.state.withLock { state in
                    if state.cancelled.remove(id) != nil { return false }
                    if !state.isTaken {
                        state.isTaken = true
                        return true
                    }
                    state.waiters.append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter: Waiter? = self.state.withLock { state in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume(returning: false)
        }
        // A cancellation that came after the turn was given left a mark behind.
        self.state.withLock { _ = $0.cancelled.remove(id) }
        guard isMine else { throw CancellationError() }
    }

    private func leave() {
        let next: Waiter? = self.state.withLock { state in
            guard !state.waiters.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }
}
