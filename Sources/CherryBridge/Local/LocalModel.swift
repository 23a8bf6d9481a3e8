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
        let machine = LocalModelStateMachine(
            restart: configuration.restart,
            idleTimeout: configuration.idleTimeout
        )
        self.state = Mutex(State(machine: machine))
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
        await withDiscardingTaskGroup { servers in
            await withDiscardingTaskGroup { timers in
                for await action in self.actions.stream.cancelOnGracefulShutdown() {
                    self.perform(action, servers: &servers, timers: &timers)
                }
                timers.cancelAll()
            }
            // From here on nobody is admitted and nothing is started; the last server is waited for.
            self.enqueue { $0.machine.shutDown() }
            self.state.withLock { $0.stop }?.finish()
        }
    }

    /// A server that answers, started if need be. It is kept running for as long as the lease is kept.
    ///
    /// - Throws: `BridgeError` with code `.localModelMissing` or `.localModelFailed`.
    func lease() async throws -> Lease {
        if let missing { throw missing }
        return Lease(try await self.acquire(), of: self)
    }

    /// Holds a server until it is let go of.
    final class Lease: Sendable {
        let endpoint: LocalServerProcess.Endpoint
        private let model: LocalModel

        fileprivate init(_ endpoint: LocalServerProcess.Endpoint, of model: LocalModel) {
            self.endpoint = endpoint
            self.model = model
        }

        deinit { self.model.enqueue { $0.machine.release() } }
    }

    /// Reports that the server at `endpoint` does not take connections. It is ended and, when needed, started anew.
    func lostContact(_ endpoint: LocalServerProcess.Endpoint) {
        self.enqueue { $0.endpoint == endpoint ? $0.machine.lostContact() : [] }
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

    /// Changes the state and has what follows from it done, in the order of the changes.
    private func enqueue(_ change: (inout State) -> [LocalModelStateMachine.Action]) {
        let actions = self.state.withLock { state in
            let actions = change(&state)
            // Handing over within the lock keeps the order of the changes; it blocks nobody.
            for action in actions where action != .admit && action != .refuse {
                self.actions.continuation.yield(action)
            }
            return actions
        }
        // Those who wait are told at once: after the end of `run()` nobody else would tell them.
        if actions.contains(.admit) { self.admit() }
        if actions.contains(.refuse) { self.refuse() }
    }

    private func perform(
        _ action: LocalModelStateMachine.Action,
        servers: inout DiscardingTaskGroup,
        timers: inout DiscardingTaskGroup
    ) {
        switch action {
        case .start:
            let (stop, continuation) = AsyncStream.makeStream(of: Void.self)
            self.state.withLock { $0.stop = continuation }
            servers.addTask { await self.serve(until: stop) }
        case .stop: self.state.withLock { $0.stop }?.finish()
        case .wait(let delay):
            timers.addTask {
                guard (try? await Task.sleep(for: delay)) != nil else { return }  // cancelled: shutting down
                self.enqueue { $0.machine.delayPassed() }
            }
        case .armIdle(let delay):
            let round = self.nextIdleRound()
            timers.addTask {
                guard (try? await Task.sleep(for: delay)) != nil else { return }  // cancelled: shutting down
                self.enqueue { $0.idleRound == round ? $0.machine.idlePassed() : [] }
            }
        case .disarmIdle: _ = self.nextIdleRound()
        case .admit, .refuse: break  // done when they were decided
        }
    }

    private func nextIdleRound() -> Int {
        self.state.withLock {
            $0.idleRound += 1
            return $0.idleRound
        }
    }

    /// Runs the server once and reports its end.
    private func serve(until stop: AsyncStream<Void>) async {
        guard let server = self.configuration.server, let model = self.configuration.model else {
            return self.enqueue { $0.machine.ended() }
        }
        self.logger.info("The local model starts.")
        var words = ""
        do {
            let process = LocalServerProcess(configuration: self.configuration, transport: self.transport)
            words = try await process.run(server: server, model: model, stop: stop) { endpoint in
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
        let (waiters, words) = self.state.withLock { state in
            defer { state.waiters.removeAll() }
            return (Array(state.waiters.values), state.lastWords)
        }
        let error = BridgeError(
            .localModelFailed,
            message: "The local model does not start. \(words)",
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
