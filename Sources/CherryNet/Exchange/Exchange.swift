import NIOCore
import Synchronization

/// Where the connection of one exchange and the reader of its answer meet. The connection works on its event loop, the
/// reader wherever it runs; neither waits for the other longer than a lock is held.
final class Exchange: Sendable {
    private struct State {
        var machine: ExchangeStateMachine
        /// The connection while the exchange has it.
        var connection: Connection?
        var headWaiter: CheckedContinuation<ResponseHead, any Error>?
        var pieceWaiter: CheckedContinuation<ByteBuffer?, any Error>?
    }

    /// Continuations to be resumed outside of the lock.
    struct Wake {
        fileprivate var head: (CheckedContinuation<ResponseHead, any Error>, Result<ResponseHead, ExchangeFailure>)?
        fileprivate var piece: (CheckedContinuation<ByteBuffer?, any Error>, Result<ByteBuffer?, ExchangeFailure>)?

        func callAsFunction() {
            if let (waiter, result) = self.head { waiter.resume(with: result.mapError { $0 as any Error }) }
            if let (waiter, result) = self.piece { waiter.resume(with: result.mapError { $0 as any Error }) }
        }
    }

    private let state: Mutex<State>

    init(on connection: Connection, limits: ExchangeStateMachine.Limits) {
        self.state = Mutex(State(machine: ExchangeStateMachine(limits: limits), connection: connection))
    }

    // MARK: The reader's side

    /// Sends the request and waits for the head of its answer.
    ///
    /// - Throws: `ExchangeFailure`.
    func head(sending request: ByteBuffer, expectsBody: Bool) async throws -> ResponseHead {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let (connection, failure) = self.state.withLock { state in
                    let failure = state.machine.awaitHead()
                    if failure == nil { state.headWaiter = waiter }
                    return (state.connection, failure)
                }
                if let failure {
                    waiter.resume(throwing: failure)
                } else {
                    connection?.start(self, request: request, expectsBody: expectsBody)
                }
            }
        } onCancel: {
            self.cancel()
        }
    }

    /// The next piece of the body; `nil` at its end.
    ///
    /// - Throws: `ExchangeFailure`.
    func piece() async throws -> ByteBuffer? {
        if Task.isCancelled { self.cancel() }
        switch self.take(nil) {
        case .piece(let piece): return piece
        case .end: return nil
        case .failed(let failure): throw failure
        case .wait: break
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                switch self.take(waiter) {
                case .piece(let piece): waiter.resume(returning: piece)
                case .end: waiter.resume(returning: nil)
                case .failed(let failure): waiter.resume(throwing: failure)
                case .wait: break
                }
            }
        } onCancel: {
            self.cancel()
        }
    }

    private enum Taken {
        case piece(ByteBuffer), end, failed(ExchangeFailure), wait
    }

    /// Takes what is there. With a waiter, what is not there yet is brought to it.
    private func take(_ waiter: CheckedContinuation<ByteBuffer?, any Error>?) -> Taken {
        let (taken, resumed) = self.state.withLock { state -> (Taken, Connection?) in
            if waiter == nil && state.machine.mustWait { return (.wait, nil) }
            switch state.machine.take(now: .now()) {
            case .piece(let piece, let resumes): return (.piece(piece), resumes ? state.connection : nil)
            case .end: return (.end, nil)
            case .failed(let failure): return (.failed(failure), nil)
            case .wait:
                state.pieceWaiter = waiter
                return (.wait, nil)
            }
        }
        resumed?.readOn()
        return taken
    }

    /// Ends the exchange and, unless it is over already, closes the connection.
    func cancel() {
        let (wake, connection) = self.state.withLock { state in
            defer { state.connection = nil }
            let delivery = state.machine.cancel()
            return (Self.wake(for: delivery, &state), state.connection)
        }
        connection?.close()
        wake()
    }

    /// The reader is gone.
    func abandon() {
        let isAwaited = self.state.withLock { $0.connection != nil && !$0.machine.isDraining }
        if isAwaited { self.cancel() }
    }

    /// The reader has what it needs: what is left is passed over when it is small and comes soon.
    func drain() {
        let connection = self.state.withLock { $0.machine.drain(now: .now()) ? $0.connection : nil }
        connection?.readOn()
    }

    // MARK: The connection's side

    /// Takes what arrived, which may be nothing, and says what to do next.
    ///
    /// - Parameter release: gives the connection back. Called within the lock once the exchange is whole and has let go
    ///   of it, so that a reader who learns of the end finds it free.
    func arrived(
        _ arrival: ExchangeStateMachine.Arrival,
        release: () -> Void = {}
    ) -> (next: ExchangeStateMachine.Next, wake: Wake) {
        self.state.withLock { state in
            let isOurs = state.connection != nil
            let delivery = state.machine.arrived(arrival)
            if state.machine.ending != nil { state.connection = nil }
            if isOurs, case .whole = state.machine.ending { release() }
            return (state.machine.next(now: .now()), Self.wake(for: delivery, &state))
        }
    }

    /// Whether the exchange has failed, so that its connection is of no use to anybody.
    var hasFailed: Bool {
        self.state.withLock { state in
            if case .failed = state.machine.ending { true } else { false }
        }
    }

    /// Whether it has nothing to do with a connection any more.
    var isOver: Bool { self.state.withLock { $0.connection == nil } }

    /// Looks at the time.
    ///
    /// - Returns: when to look again; `nil` when the exchange has failed.
    func expire(now: NIODeadline) -> (again: NIODeadline?, wake: Wake) {
        self.state.withLock { state in
            switch state.machine.expire(now: now) {
            case .again(let deadline): return (deadline, Wake())
            case .failed(let delivery):
                state.connection = nil
                return (nil, Self.wake(for: delivery, &state))
            }
        }
    }

    private static func wake(for delivery: ExchangeStateMachine.Delivery, _ state: inout State) -> Wake {
        var wake = Wake()
        if let head = delivery.head, let waiter = state.headWaiter {
            state.headWaiter = nil
            wake.head = (waiter, head)
        }
        if let piece = delivery.piece, let waiter = state.pieceWaiter {
            state.pieceWaiter = nil
            wake.piece = (waiter, piece)
        }
        return wake
    }
}
