public import CherryCore
public import CherryNet
public import Foundation

/// One provider's API as pure translation: no clock, no socket, no state between requests.
///
/// `HTTPProvider` is the thin transport around it. A request that the API cannot express is refused with
/// `BridgeError.unsupported(_:by:)`, which names what is missing.
public protocol ProviderDialect: Sendable {
    /// What it is called in messages to the user, such as `Anthropic`.
    var name: String { get }
    /// The API that it speaks; a door of the same API passes bytes through as they are.
    var api: WireAPI { get }

    /// Writes a chat request, signed and with its key.
    func chatRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest

    /// Writes a chat request around a body that is in this API's own form already; `model` and `isStreamed` are in the
    /// body as well, where the API has them there.
    func chatRequest(
        body: [UInt8],
        model: String,
        isStreamed: Bool,
        to endpoint: ProviderEndpoint
    ) throws -> OutgoingRequest

    /// What cuts an answer of this type into events; `nil` when the type is none that the API answers with.
    func framer(contentType: String, isStreamed: Bool) -> (any AnswerFramer)?

    /// Reads the answer to `request`. Must also read a whole answer where a stream was asked for, and the other way round.
    func translator(for request: ChatRequest, errors: ProviderErrors) -> any AnswerTranslator

    /// Another way to say `request` after the provider refused it with `status` and `body`; `nil` when there is none.
    func alternative(to request: OutgoingRequest, status: Int, body: [UInt8]) -> OutgoingRequest?

    /// Asks for the models on offer; `nil` when the API has no such question.
    func modelsRequest(to endpoint: ProviderEndpoint) throws -> OutgoingRequest?

    /// Reads the models on offer. Throws anything at all for what is no such list.
    func models(from body: [UInt8]) throws -> [ModelDescription]

    /// Asks for one vector a text.
    func embeddingsRequest(_ request: EmbeddingsRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest

    /// Reads the vectors, in the order of the texts. Throws anything at all for what are no vectors.
    func embeddings(from body: [UInt8], for request: EmbeddingsRequest) throws -> Embeddings

    /// Asks how many tokens a request takes; `nil` when the API has no such question.
    func tokenCountRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest?

    /// Reads how many tokens a request takes. Throws anything at all for what is no number.
    func tokenCount(from body: [UInt8]) throws -> Int
}

extension ProviderDialect {
    public func alternative(to request: OutgoingRequest, status: Int, body: [UInt8]) -> OutgoingRequest? { nil }

    public func modelsRequest(to endpoint: ProviderEndpoint) throws -> OutgoingRequest? { nil }

    public func models(from body: [UInt8]) throws -> [ModelDescription] { [] }

    public func embeddingsRequest(
        _ request: EmbeddingsRequest,
        to endpoint: ProviderEndpoint
    ) throws -> OutgoingRequest {
        throw BridgeError.unsupported("embeddings", by: self.name)
    }

    public func embeddings(from body: [UInt8], for request: EmbeddingsRequest) throws -> Embeddings {
        throw BridgeError.unsupported("embeddings", by: self.name)
    }

    public func tokenCountRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest? {
        nil
    }

    public func tokenCount(from body: [UInt8]) throws -> Int {
        throw BridgeError.unsupported("counting tokens", by: self.name)
    }
}

/// The APIs in which models are asked.
public enum WireAPI: String, Sendable, Codable, CaseIterable {
    case openAIChat, openAIResponses, anthropicMessages, gemini, mistral, ollama, bedrockConverse
}

/// Where a provider is and how it knows the user.
public struct ProviderEndpoint: Sendable {
    /// The address up to and including the version, without a slash at the end.
    public let baseURL: String
    /// What follows a `?` in the address, with it, or nothing: some providers need it in every request.
    public let query: String
    public let key: Secret<String>?
    /// Where its requests may go.
    public let reach: EgressReach
    /// The time that signatures carry.
    public let now: @Sendable () -> Date

    /// Names a provider.
    ///
    /// - Parameter baseURL: the address as the user wrote it, such as `https://api.example.com/v1`.
    public init(
        baseURL: String,
        key: Secret<String>?,
        reach: EgressReach = .publicOnly,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        let parts = baseURL.trimmingCharacters(in: .whitespacesAndNewlines)
            .split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path = parts.first ?? ""
        while path.hasSuffix("/") { path.removeLast() }
        self.baseURL = String(path)
        self.query = parts.count > 1 ? "?" + parts[1] : ""
        self.key = key
        self.reach = reach
        self.now = now
    }

    /// The address of `path`, which begins with a slash.
    public func url(_ path: String) -> String { self.baseURL + path + self.query }
}

/// Texts to be turned into vectors.
public struct EmbeddingsRequest: Sendable, Hashable {
    public var model: String
    public var texts: [String]
    /// Numbers per vector; `nil` leaves it to the model.
    public var dimensions: Int?

    /// Creates a request.
    public init(model: String, texts: [String], dimensions: Int? = nil) {
        self.model = model
        self.texts = texts
        self.dimensions = dimensions
    }
}

/// Vectors, and what they took.
public struct Embeddings: Sendable, Hashable {
    /// One for each text, all of one length.
    public var vectors: [[Float]]
    /// Tokens that were read; `nil` when the provider does not say.
    public var promptTokens: Int?

    /// Creates an answer.
    public init(vectors: [[Float]], promptTokens: Int?) {
        self.vectors = vectors
        self.promptTokens = promptTokens
    }
}

/// Turns the events of one answer into the product's.
public protocol AnswerTranslator {
    /// Takes one event.
    ///
    /// - Throws: `BridgeError`: what the provider reports within the answer, or `.garbled`.
    mutating func receive(_ event: StreamedEvent) throws -> [ChatEvent]

    /// Ends the answer: the usage and the reason, which are held back until here.
    ///
    /// - Throws: `BridgeError` with code `.cutOff` when the provider did not say that it finished.
    mutating func finish() throws -> [ChatEvent]

    /// Whether the provider said that nothing more comes.
    var isDone: Bool { get }
    /// Whether anything arrived that is part of an answer.
    var hasBegun: Bool { get }
}

extension BridgeError {
    /// Refuses what a provider's API cannot do, by name.
    static func unsupported(_ what: String, by provider: String) -> BridgeError {
        BridgeError(
            .unsupported,
            message: "\(provider) cannot do this: \(what).",
            hint: "Leave it out, or choose another model."
        )
    }

    /// An answer that broke off.
    static var cutOff: BridgeError {
        BridgeError(
            .cutOff,
            message: "The provider's answer ended in the middle.",
            hint: "What had arrived is kept. Try again."
        )
    }

    /// An event that is none of the API's.
    static func garbled(by provider: String) -> BridgeError {
        BridgeError(
            .garbled,
            message: "The provider sent something that is no part of an answer.",
            hint: "Check that the address is that of \(provider)."
        )
    }
}
