/// The local model as a provider: starts it when it is asked something.
public struct LocalProvider: LanguageModelProvider {
    private let model: LocalModel

    /// Creates a provider that uses `model`.
    public init(_ model: LocalModel) { self.model = model }

    public func chat(_ request: ChatRequest, _ receive: (ChatEvent) async throws -> Void) async throws {
        throw BridgeError(.localModelMissing, message: "The local model cannot answer yet.")
    }

    public func models() async throws -> [ModelDescription] { [] }

    public func embeddings(for texts: [String], model: String) async throws -> [[Float]] {
        throw BridgeError(.unsupported, message: "The local model makes no embeddings.")
    }

    public func tokenCounts(of texts: [String], model: String) async throws -> [Int]? { nil }
}
