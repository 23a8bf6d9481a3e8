public import CherryCore
public import CherryNet

/// Any server with an OpenAI-compatible API.
public struct OpenAIProvider: LanguageModelProvider {
    /// Creates a provider.
    ///
    /// - Parameters:
    ///   - baseURL: the address up to and including the version, such as `https://api.example.com/v1`.
    ///   - apiKey: sent as a bearer token; `nil` sends none.
    public init(baseURL: String, apiKey: Secret<String>?, transport: HTTPTransport) {}

    public func chat(_ request: ChatRequest, _ receive: (ChatEvent) async throws -> Void) async throws {
        throw BridgeError(.unsupported, message: "Not available yet.")
    }

    public func models() async throws -> [ModelDescription] { [] }

    public func embeddings(for texts: [String], model: String) async throws -> [[Float]] { [] }

    public func tokenCounts(of texts: [String], model: String) async throws -> [Int]? { nil }
}
