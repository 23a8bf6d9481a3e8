public import CherryNet

/// A model that a provider offers.
public struct ModelDescription: Sendable, Hashable, Codable {
    /// The provider's name for it.
    public var id: String
    /// Tokens it can read and write together; `nil` when the provider does not say.
    public var contextLength: Int?
    /// What it can do besides reading and writing text; `nil` when the provider does not say.
    public var capabilities: Set<ModelCapability>?

    /// Describes a model.
    public init(id: String, contextLength: Int? = nil, capabilities: Set<ModelCapability>? = nil) {
        self.id = id
        self.contextLength = contextLength
        self.capabilities = capabilities
    }
}

/// A language-model service.
///
/// - Throws: `BridgeError` throughout.
public protocol LanguageModelProvider: Sendable {
    /// Sends `request` and returns as soon as the provider has taken it.
    ///
    /// - Parameter limits: `nil` takes the transport's own.
    func answer(to request: ChatRequest, limits: HTTPTransport.Limits?) async throws -> any AnswerStream

    /// The models on offer.
    func models() async throws -> [ModelDescription]

    /// One vector for each text.
    func embeddings(_ request: EmbeddingsRequest, limits: HTTPTransport.Limits?) async throws -> Embeddings

    /// How many tokens each text takes in `model`, or `nil` when only an estimate can be had.
    func tokenCounts(of texts: [String], model: String) async throws -> [Int]?

    /// How many tokens `request` takes, as the provider counts; `nil` when it does not say.
    func tokenCount(of request: ChatRequest) async throws -> Int?
}

extension LanguageModelProvider {
    /// Sends `request` and hands each event to `receive`, which may take its time: nothing more is read meanwhile.
    ///
    /// Cancelling the calling task, or throwing from `receive`, closes the connection to the provider.
    public func chat(_ request: ChatRequest, _ receive: (ChatEvent) async throws -> Void) async throws {
        let answer = try await self.answer(to: request, limits: nil)
        while let piece = try await answer.next() {
            for event in piece.events { try await receive(event) }
        }
    }

    /// One vector for each text.
    public func embeddings(for texts: [String], model: String) async throws -> [[Float]] {
        try await self.embeddings(EmbeddingsRequest(model: model, texts: texts), limits: nil).vectors
    }

    public func tokenCount(of request: ChatRequest) async throws -> Int? { nil }
}
