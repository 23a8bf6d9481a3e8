import CherryCore
public import CherryNet

/// The Gemini API of Google. The address ends with the version, `/v1beta`.
public struct GeminiDialect: ProviderDialect {
    public let name = "Google's Gemini API"
    public let api = WireAPI.gemini

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
        let path = Self.path(of: model)
        return isStreamed
            ? self.post(endpoint.url("\(path):streamGenerateContent", adding: "alt=sse"), body, to: endpoint)
            : self.post(endpoint.url("\(path):generateContent"), body, to: endpoint)
    }

    public func framer(contentType: String, isStreamed: Bool) -> (any AnswerFramer)? {
        if contentType.names("json") { return WholeAnswerFramer() }
        return contentType.names("html") ? nil : ServerSentEventParser()
    }

    public func translator(for request: ChatRequest, errors: ProviderErrors) -> any AnswerTranslator {
        GeminiTranslator(errors: errors)
    }

    /// All models fit one page: the API gives up to 1 000.
    public func modelsRequest(to endpoint: ProviderEndpoint) -> OutgoingRequest? {
        OutgoingRequest(
            .get,
            endpoint.url("/models", adding: "pageSize=1000"),
            headers: [("Accept", "application/json")] + Self.identification(endpoint)
        )
    }

    /// Only those that generate text or vectors.
    public func models(from body: [UInt8]) throws -> [ModelDescription] {
        guard let entries = try JSONValue(parsing: body)["models"]?.array else {
            throw BridgeError(.garbled, message: "What came back is not a list of models.")
        }
        return try entries.compactMap { entry in
            guard let name = entry["name"]?.string else {
                throw BridgeError(.garbled, message: "What came back is not a list of models.")
            }
            if let methods = entry["supportedGenerationMethods"]?.array?.compactMap(\.string),
                Set(methods).isDisjoint(with: ["generateContent", "embedContent", "batchEmbedContents"])
            {
                return nil
            }
            let id = name.hasPrefix("models/") ? String(name.dropFirst("models/".count)) : name
            return ModelDescription(
                id: id,
                contextLength: entry["inputTokenLimit"]?.integer,
                capabilities: ModelCapability.told(by: entry)
            )
        }
    }

    public func embeddingsRequest(_ request: EmbeddingsRequest, to endpoint: ProviderEndpoint) -> OutgoingRequest {
        let requests = request.texts.map { text -> JSONValue in
            var value: JSONValue = [
                "model": .string(Self.resource(of: request.model)), "content": ["parts": [["text": .string(text)]]],
            ]
            value["outputDimensionality"] = request.dimensions.map { .integer(Int64($0)) }
            return value
        }
        return self.post(
            endpoint.url("\(Self.path(of: request.model)):batchEmbedContents"),
            JSONValue.object(["requests": .array(requests)]).bytes,
            to: endpoint
        )
    }

    public func embeddings(from body: [UInt8], for request: EmbeddingsRequest) throws -> Embeddings {
        let answer = try JSONValue(parsing: body)
        guard let items = answer["embeddings"]?.array else { throw BridgeError.garbled(by: self.name) }
        let vectors = items.map { ($0["values"]?.array ?? []).compactMap { $0.number.map(Float.init) } }
        return Embeddings(vectors: vectors, promptTokens: answer["usageMetadata"]?["promptTokenCount"]?.integer)
    }

    public func tokenCountRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest? {
        var whole: JSONValue = ["model": .string(Self.resource(of: request.model))]
        for member in try self.body(of: request).object ?? [:] { whole[member.key] = member.value }
        return self.post(
            endpoint.url("\(Self.path(of: request.model)):countTokens"),
            JSONValue.object(["generateContentRequest": whole]).bytes,
            to: endpoint
        )
    }

    public func tokenCount(from body: [UInt8]) throws -> Int {
        guard let count = try JSONValue(parsing: body)["totalTokens"]?.integer else {
            throw BridgeError.garbled(by: self.name)
        }
        return count
    }

    // MARK: Addresses

    /// The full name of a model; tuned models stand elsewhere than the others.
    private static func resource(of model: String) -> String {
        model.hasPrefix("models/") || model.hasPrefix("tunedModels/") ? model : "models/\(model)"
    }

    private static func path(of model: String) -> String {
        let parts = self.resource(of: model).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        return "/\(parts[0])/\(String(parts[1]).pathSegment)"
    }

    private func post(_ url: String, _ body: [UInt8], to endpoint: ProviderEndpoint) -> OutgoingRequest {
        OutgoingRequest(
            .post,
            url,
            headers: [("Content-Type", "application/json")] + Self.identification(endpoint),
            body: body
        )
    }

    /// The key stands in a header: addresses end up in logs.
    private static func identification(_ endpoint: ProviderEndpoint) -> [(name: String, value: String)] {
        endpoint.key.map { [(name: "x-goog-api-key", value: $0.exposed)] } ?? []
    }
}
