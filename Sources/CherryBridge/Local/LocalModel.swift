import CherryCore
public import CherryNet
import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization

/// Runs `llama-server` when it is needed and stops it when it is not.
///
/// Works while `run()` runs; a use before that waits.
public final class LocalModel: Service {
    private typealias Waiters = [RecordID: CheckedContinuation<LocalServerProcess.Endpoint, any Error>]

    private struct State {
        var machine: LocalModelStateMachine
        var endpoint: LocalServerProcess.Endpoint?
        var waiters: Waiters = [:]
        var stop: AsyncStream<Void>.Continuation?
        /// Grows whenever an idle timer is armed or disarmed, so that an old one does nothing.
        var idleRound = 0
        var lastWords = ""
    }

    private let configuration: Configuration
    private let transport: HTTPTransport
    private let logger: Logger
    private let state: Mutex<State>
    private let actions = AsyncStream.makeStream(of: LocalModelStateMachine.Action.self)

    /// Creates the service; nothing is started before it is used.
    public init(configuration: Configuration, transport: HTTPTransport, logger: Logger) {
        self.configuration = configuration
        self.transport = transport
        self.logger = logger
        self.state = Mutex(
            State(machine: .init(restart: configuration.restart, idleTimeout: configuration.idleTimeout)))
    }

    /// How it is doing now.
    public var status: LocalModelStatus {
        let model = self.configuration.modelName
        if let missing = self.missing {
            return LocalModelStatus(state: .missing, model: model, detail: missing.message, hint: missing.hint)
        }
        let (state, words) = self.state.withLock { ($0.machine.state, $0.lastWords) }
        switch state {
        case .stopped, .stopping: return LocalModelStatus(state: .stopped, model: model)
        case .starting, .waiting: return LocalModelStatus(state: .starting, model: model)
        case .ready: return LocalModelStatus(state: .ready, model: model)
        case .resting:
            return LocalModelStatus(
                state: .failed,
                model: model,
                detail: "The local model ended \(self.configuration.restart.limit) times in a row. \(words)",
                hint: "It is tried again at the next use."
            )
        }
    }

    /// Tokens that the model reads and writes together.
    public var contextLength: Int { self.configuration.contextLength }

    public func run() async {
        await withDiscardingTaskGroup { group in
            for await action in self.actions.stream.cancelOnGracefulShutdown() {
                self.perform(action, in: &group)
            }
            for action in self.state.withLock({ $0.machine.shutDown() }) { self.perform(action, in: &group) }
            group.cancelAll()
        }
    }

    /// Runs `body` with a server that answers, starting it if need be.
    ///
    /// - Throws: `BridgeError` with code `.localModelMissing` or `.localModelFailed`; what `body` throws.
    func withEndpoint<Result>(
        _ body: (LocalServerProcess.Endpoint) async throws -> Result
    ) async throws -> Result {
        if let missing { throw missing }
        let endpoint = try await self.acquire()
        defer { self.enqueue { $0.machine.release() } }
        return try await body(endpoint)
    }

    private func acquire() async throws -> LocalServerProcess.Endpoint {
        let id = RecordID.make()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.enqueue { state in
                    state.waiters[id] = continuation
                    return state.machine.acquire()
                }
                if Task.isCancelled { self.giveUp(id) }
            }
        } onCancel: {
            self.giveUp(id)
        }
    }

    /// Takes a waiter off the list whose task was cancelled.
    private func giveUp(_ id: RecordID) {
        let waiter = self.state.withLock { $0.waiters.removeValue(forKey: id) }
        guard let waiter else { return }
        self.enqueue { $0.machine.release() }
        waiter.resume(throwing: CancellationError())
    }

    private func enqueue(_ change: (inout State) -> [LocalModelStateMachine.Action]) {
        for action in self.state.withLock({ change(&$0) }) { self.actions.continuation.yield(action) }
    }

    private func perform(_ action: LocalModelStateMachine.Action, in group: inout DiscardingTaskGroup) {
        switch action {
        case .start: group.addTask { await self.serve() }
        case .stop: self.state.withLock { $0.stop }?.finish()
        case .wait(let delay):
            group.addTask {
                guard (try? await Task.sleep(for: delay)) != nil else { return }  // cancelled: shutting down
                self.enqueue { $0.machine.delayPassed() }
            }
        case .armIdle(let delay):
            let round = self.nextIdleRound()
            group.addTask {
                guard (try? await Task.sleep(for: delay)) != nil else { return }  // cancelled: shutting down
                self.enqueue { $0.idleRound == round ? $0.machine.idlePassed() : [] }
            }
        case .disarmIdle: _ = self.nextIdleRound()
        case .admit: self.admit()
        case .refuse: self.refuse()
        }
    }

    private func nextIdleRound() -> Int {
        self.state.withLock {
            $0.idleRound += 1
            return $0.idleRound
        }
    }

    /// Runs the server once and reports its end.
    private func serve() async {
        let (stop, continuation) = AsyncStream.makeStream(of: Void.self)
        self.state.withLock { $0.stop = continuation }
        self.logger.info("The local model starts.")
        var words = ""
        do {
            let process = LocalServerProcess(configuration: self.configuration, transport: self.transport)
            words = try await process.run(stop: stop) { endpoint in
                self.enqueue { state in
                    state.endpoint = endpoint
                    return state.machine.becameReady()
                }
            }
        } catch {
            words = (error as? any CherryError)?.message ?? "It cannot be started."
        }
        self.logger.info("The local model ended.")
        self.enqueue { state in
            state.stop = nil
            state.endpoint = nil
            state.lastWords = words
            return state.machine.ended()
        }
    }

    private func admit() {
        let (waiters, endpoint) = self.state.withLock { state in
            guard state.machine.state == .ready else { return (Waiters(), state.endpoint) }
            defer { state.waiters.removeAll() }
            return (state.waiters, state.endpoint)
        }
        guard let endpoint else { return }
        for waiter in waiters.values { waiter.resume(returning: endpoint) }
    }

    private func refuse() {
        let waiters = self.state.withLock { state in
            defer { state.waiters.removeAll() }
            return Array(state.waiters.values)
        }
        let error = BridgeError(
            .localModelFailed,
            message: "The local model does not start.",
            hint: "Check the free memory and CHERRY_LOCAL_SERVER, or add another provider under Settings."
        )
        for waiter in waiters { waiter.resume(throwing: error) }
    }

    private var missing: BridgeError? {
        let hint = "Run `make run`, which installs it, or add another provider under Settings."
        guard let server = self.configuration.server, let model = self.configuration.model else {
            return BridgeError(.localModelMissing, message: "No local model is set up.", hint: hint)
        }
        guard FileManager.default.isExecutableFile(atPath: server) else {
            return BridgeError(.localModelMissing, message: "There is no program at \(server).", hint: hint)
        }
        guard FileManager.default.isReadableFile(atPath: model) else {
            return BridgeError(.localModelMissing, message: "There is no model at \(model).", hint: hint)
        }
        return nil
    }
}
