public import CherryBridge
import Synchronization

/// A language model that says what a test tells it, when the test tells it.
public final class ScriptedModel: LanguageModelProvider {
    /// One step of an answer.
    public enum Step: Sendable {
        case event(ChatEvent)
        case failure(BridgeError)
        case end
    }

    private struct State {
        var scripts: [AsyncStream<Step>] = []
        var requests: [ChatRequest] = []
        var cancellations = 0
    }

    private let state = Mutex(State())
    private let cancelled = AsyncStream.makeStream(of: Void.self)
    /// What `tokenCounts` answers for each text; `nil` means that only an estimate can be had.
    private let countTokens: (@Sendable (String) -> Int)?

    /// Creates a model without scripts: it answers "ok" until it is given some.
    public init(countTokens: (@Sendable (String) -> Int)? = nil) {
        self.countTokens = countTokens
    }

    /// Adds a script for the next request that has none; the test feeds it.
    public func script() -> AsyncStream<Step>.Continuation {
        let (stream, continuation) = AsyncStream.makeStream(of: Step.self)
        self.state.withLock { $0.scripts.append(stream) }
        return continuation
    }

    /// What was asked so far.
    public var requests: [ChatRequest] { self.state.withLock { $0.requests } }

    /// Returns when a request was cancelled.
    public func waitForCancellation() async {
        for await _ in self.cancelled.stream { return }
    }

    public func chat(_ request: ChatRequest, _ receive: (ChatEvent) async throws -> Void) async throws {
        let script = self.state.withLock { state in
            state.requests.append(request)
            return state.scripts.isEmpty ? nil : state.scripts.removeFirst()
        }
        guard let script else {
            try await receive(.text("ok"))
            try await receive(.finished(.stop))
            return
        }
        for await step in script {
            switch step {
            case .event(let event): try await receive(event)
            case .failure(let error): throw error
            case .end: return try await receive(.finished(.stop))
            }
        }
        if Task.isCancelled {
            self.cancelled.continuation.yield()
            throw CancellationError()
        }
    }

    public func models() async throws -> [ModelDescription] { [ModelDescription(id: "scripted")] }

    public func embeddings(for texts: [String], model: String) async throws -> [[Float]] {
        throw BridgeError(.unsupported, message: "The scripted model has no embeddings.")
    }

    public func tokenCounts(of texts: [String], model: String) async throws -> [Int]? {
        self.countTokens.map(texts.map)
    }
}
