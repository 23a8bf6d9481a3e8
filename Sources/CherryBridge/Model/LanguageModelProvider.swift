/// A model that a provider offers.
public struct ModelDescription: Sendable, Hashable, Codable {
    /// The provider's name for it.
    public var id: String
    /// Tokens it can read and write together; `nil` when the provider does not say.
    public var contextLength: Int?

    /// Describes a model.
    public init(id: String, contextLength: Int? = nil) {
        self.id = id
        self.contextLength = contextLength
    }
}

/// A language-model service.
///
/// - Throws: `BridgeError` throughout.
public protocol LanguageModelProvider: Sendable {
    /// Sends `request` and hands each event to `receive`, which may take its time: nothing more is read meanwhile.
    ///
    /// Cancelling the calling task, or throwing from `receive`, closes the connection to the provider.
    func chat(_ request: ChatRequest, _ receive: (ChatEvent) async throws -> Void) async throws

    /// The models on offer.
    func models() async throws -> [ModelDescription]

    /// One vector for each text.
    func embeddings(for texts: [String], model: String) async throws -> [[Float]]

    /// How many tokens each text takes in `model`, or `nil` when only an estimate can be had.
    func tokenCounts(of texts: [String], model: String) async throws -> [Int]?
}
