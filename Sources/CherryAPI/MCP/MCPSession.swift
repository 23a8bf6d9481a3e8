import CherryBridge
import CherryCore
import HTTPTypes
import Synchronization

/// One conversation with a client: the state machine, the streams of its answers, and what is under way.
///
/// For revisions with a handshake it lives from `initialize` to its end; for a request that stands alone, as long as
/// that request.
final class MCPSession: Sendable {
    /// Work to do for one request.
    struct Job: Sendable {
        let session: MCPSession
        /// What the token allowed when the request came.
        let grant: MCPGrant
        let id: MCPRequestID
        let operation: MCPOperation
        let client: MCPImplementation?
        fileprivate let ending: AsyncStream<Void>
    }

    private struct Work {
        let id: MCPRequestID
        let operation: MCPOperation
        let client: MCPImplementation?
        let ending: AsyncStream<Void>
    }

    private struct State {
        var machine: MCPServerStateMachine
        /// Open and finished ones, oldest first.
        var streams: [MCPStream]
        var answers: [MCPRequestID: MCPStream] = [:]
        var endings: [MCPRequestID: AsyncStream<Void>.Continuation] = [:]
        var nextNumber = 1
        var lastUse: ContinuousClock.Instant
    }

    /// Streams kept to be read again.
    private static let streamLimit = 24

    /// The token that it was begun with, and that each of its requests brings again.
    let tokenID: RecordID
    /// What belongs to no answer.
    let general = MCPStream(number: 0)
    private let state: Mutex<State>

    init(_ profile: MCPServerStateMachine.Profile, tokenID: RecordID) {
        self.tokenID = tokenID
        self.state = Mutex(State(machine: MCPServerStateMachine(profile), streams: [], lastUse: .now))
    }

    var version: MCPVersion? { self.state.withLock { $0.machine.version } }
    var lastUse: ContinuousClock.Instant { self.state.withLock { $0.lastUse } }
    /// Whether something is under way that the client may come back for.
    var isBusy: Bool { self.state.withLock { $0.machine.runningCount > 0 } }

    /// Takes a request.
    ///
    /// - Returns: the stream of its answer, and what has to be done for it.
    func receive(
        _ id: MCPRequestID,
        _ message: MCPMessage,
        for grant: MCPGrant
    ) -> (answer: MCPStream, jobs: [Job]) {
        self.state.withLock { state in
            state.lastUse = .now
            let stream = MCPStream(number: state.nextNumber)
            state.nextNumber += 1
            state.streams.append(stream)
            if state.streams.count > Self.streamLimit,
                let old = state.streams.firstIndex(where: { $0.isFinished })
            {
                state.streams.remove(at: old)
            }
            // The id of a request under way is refused by the machine; its stream must not be taken over.
            let isTaken = state.machine.isRunning(id)
            let known = state.answers[id]
            state.answers[id] = stream
            let work = self.carryOut(state.machine.handle(.received(message)), &state)
            if isTaken { state.answers[id] = known }
            let jobs = work.map { work in
                Job(
                    session: self,
                    grant: grant,
                    id: work.id,
                    operation: work.operation,
                    client: work.client,
                    ending: work.ending
                )
            }
            return (stream, jobs)
        }
    }

    /// Takes anything that gets no answer.
    func handle(_ event: MCPServerStateMachine.Event) {
        self.state.withLock { state in
            state.lastUse = .now
            _ = self.carryOut(state.machine.handle(event), &state)
        }
    }

    /// Ends it: subscriptions in good order, everything else at once.
    func close() {
        self.state.withLock { state in
            _ = self.carryOut(state.machine.handle(.closing), &state)
            for stream in state.streams { stream.finish() }
            state.streams = []
            state.answers = [:]
        }
        self.general.finish()
    }

    /// The stream with a number; `nil` when it is no longer kept.
    func stream(_ number: Int) -> MCPStream? {
        number == 0 ? self.general : self.state.withLock { $0.streams.first { $0.number == number } }
    }

    private func carryOut(_ actions: [MCPServerStateMachine.Action], _ state: inout State) -> [Work] {
        var work: [Work] = []
        for action in actions {
            switch action {
            case .send(let message, .answer(let id)):
                let isLast = message["method"] == nil
                state.answers[id]?.append(message, isLast: isLast)
                if isLast { state.answers[id] = nil }
            case .send(let message, .general): self.general.append(message, isLast: false)
            case .send(_, .refusal): break  // refused before it came here
            case .perform(let operation, let id, let client):
                let (ending, continuation) = AsyncStream.makeStream(of: Void.self)
                state.endings[id] = continuation
                work.append(Work(id: id, operation: operation, client: client, ending: ending))
            case .cancel(let id):
                state.endings.removeValue(forKey: id)?.finish()
                state.answers.removeValue(forKey: id)?.finish()
            case .listen: break
            }
        }
        return work
    }

    fileprivate func finish(_ id: MCPRequestID, _ result: Result<MCPResult, MCPFailure>) {
        self.state.withLock { state in
            _ = self.carryOut(state.machine.handle(.finished(id, result)), &state)
            state.endings.removeValue(forKey: id)?.finish()
        }
    }
}

extension MCPSession.Job {
    /// Does the work, until it is done, cancelled by the client, or the task is cancelled.
    func run(_ server: MCPServer) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                do {
                    let result = try await server.perform(
                        self.operation,
                        for: self.grant,
                        client: self.client
                    ) { step in
                        self.session.handle(.progressed(self.id, step: step, message: nil))
                    }
                    self.session.finish(self.id, result)
                } catch {
                    // Cancelled: the client hears nothing more of it, and the machine has forgotten it.
                    self.session.finish(self.id, .failure(MCPFailure(APIError.timedOut)))
                }
            }
            for await _ in self.ending {}
            group.cancelAll()
        }
    }
}

extension MCPFailure {
    /// An error of the interface in the protocol's terms.
    init(_ error: APIError) {
        var data: JSONObject = ["code": .string(error.code)]
        if let hint = error.hint { data["hint"] = .string(hint) }
        self.init(code: error.status.code, message: error.message, data: .object(data))
    }
}
