public import CherryBridge
public import CherryNet
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

    public func answer(to request: ChatRequest, limits: HTTPTransport.Limits?) -> any AnswerStream {
        let script = self.state.withLock { state in
            state.requests.append(request)
            return state.scripts.isEmpty ? nil : state.scripts.removeFirst()
        }
        return Answer(script, of: self)
    }

    /// One answer that follows a script, or says "ok" without one.
    private final class Answer: AnswerStream {
        private let model: ScriptedModel
        private let hasScript: Bool
        private var steps: AsyncStream<Step>.Iterator?
        private var isOver = false

        init(_ script: AsyncStream<Step>?, of model: ScriptedModel) {
            self.model = model
            self.hasScript = script != nil
            self.steps = script?.makeAsyncIterator()
        }

        func next() async throws -> AnswerPiece? {
            guard !self.isOver else { return nil }
            guard self.hasScript else {
                self.isOver = true
                return AnswerPiece(events: [.text("ok"), .finished(.stop)])
            }
            switch await self.steps?.next(isolation: #isolation) {
            case .event(let event): return AnswerPiece(events: [event])
            case .failure(let error): throw error
            case .end:
                self.isOver = true
                return AnswerPiece(events: [.finished(.stop)])
            case nil:
                self.isOver = true
                guard Task.isCancelled else { return nil }
                self.model.cancelled.continuation.yield()
                throw CancellationError()
            }
        }
    }

    public func models() async throws -> [ModelDescription] { [ModelDescription(id: "scripted")] }

    public func embeddings(_ request: EmbeddingsRequest, limits: HTTPTransport.Limits?) throws -> Embeddings {
        throw BridgeError(.unsupported, message: "The scripted model has no embeddings.")
    }

    public func tokenCounts(of texts: [String], model: String) async throws -> [Int]? {
        self.countTokens.map(texts.map)
    }
}
