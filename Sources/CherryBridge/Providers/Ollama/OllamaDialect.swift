import CherryCore
public import CherryNet

/// Ollama's own API. The address is that of the server, such as `http://localhost:11434`; one that ends with `/api` means
/// the same.
public struct OllamaDialect: ProviderDialect {
    public let name = "Ollama"
    public let api = WireAPI.ollama

    /// Creates the dialect.
    public init() {}

    public func chatRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest {
        self.chatRequest(
            body: try self.body(of: request).bytes,
            model: request.model,
            isStreamed: request.isStreamed,
            to: endpoint
        )
    }

    public func chatRequest(
        body: [UInt8],
        model: String,
        isStreamed: Bool,
        to endpoint: ProviderEndpoint
    ) -> OutgoingRequest {
        self.post("/chat", body, accept: isStreamed ? "application/x-ndjson" : "application/json", to: endpoint)
    }

    public func framer(contentType: String, isStreamed: Bool) -> (any AnswerFramer)? {
        if contentType.names("html") { return nil }
        // A whole answer may take several lines when something in between has written it anew.
        return contentType.hasPrefix("application/json") ? WholeAnswerFramer() : LineFramer()
    }

    public func translator(for request: ChatRequest, errors: ProviderErrors) -> any AnswerTranslator {
        OllamaTranslator(errors: errors)
    }

    public func modelsRequest(to endpoint: ProviderEndpoint) -> OutgoingRequest? {
        OutgoingRequest(
            .get,
            self.url("/tags", endpoint),
            headers: [("Accept", "application/json")] + OpenAIChatDialect.authorization(endpoint)
        )
    }

    public func models(from body: [UInt8]) throws -> [ModelDescription] {
        guard let entries = try JSONValue(parsing: body)["models"]?.array else {
            throw BridgeError(.garbled, message: "What came back is not a list of models.")
        }
        return try entries.map { entry in
            guard let id = entry["model"]?.string ?? entry["name"]?.string else {
                throw BridgeError(.garbled, message: "What came back is not a list of models.")
            }
            return ModelDescription(id: id, capabilities: ModelCapability.told(by: entry))
        }
    }

    /// A text that is too long for the model is refused, not cut.
    public func embeddingsRequest(_ request: EmbeddingsRequest, to endpoint: ProviderEndpoint) -> OutgoingRequest {
        var body: JSONValue = [
            "model": .string(request.model), "input": .array(request.texts.map { .string($0) }), "truncate": false,
        ]
        body["dimensions"] = request.dimensions.map { .integer(Int64($0)) }
        return self.post("/embed", body.bytes, accept: "application/json", to: endpoint)
    }

    public func embeddings(from body: [UInt8], for request: EmbeddingsRequest) throws -> Embeddings {
        let answer = try JSONValue(parsing: body)
        guard let items = answer["embeddings"]?.array else { throw BridgeError.garbled(by: self.name) }
        let vectors = items.map { ($0.array ?? []).compactMap { $0.number.map(Float.init) } }
        return Embeddings(vectors: vectors, promptTokens: answer["prompt_eval_count"]?.integer)
    }

    private func post(
        _ path: String,
        _ body: [UInt8],
        accept: String,
        to endpoint: ProviderEndpoint
    ) -> OutgoingRequest {
        OutgoingRequest(
            .post,
            self.url(path, endpoint),
            headers: [("Accept", accept), ("Content-Type", "application/json")]
                + OpenAIChatDialect.authorization(endpoint),
            body: body
        )
    }

    private func url(_ path: String, _ endpoint: ProviderEndpoint) -> String {
        endpoint.url(endpoint.baseURL.hasSuffix("/api") ? path : "/api" + path)
    }
}
