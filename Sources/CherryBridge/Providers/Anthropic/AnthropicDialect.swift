import CherryCore
public import CherryNet

/// The Messages API of Anthropic, and of the servers that speak it. The address ends with the version, `/v1`.
public struct AnthropicDialect: ProviderDialect {
    public let name = "Anthropic's API"
    public let api = WireAPI.anthropicMessages

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
        self.post("/messages", body, accept: isStreamed ? "text/event-stream" : "application/json", to: endpoint)
    }

    public func framer(contentType: String, isStreamed: Bool) -> (any AnswerFramer)? {
        if contentType.names("json") { return WholeAnswerFramer() }
        return contentType.names("html") ? nil : ServerSentEventParser()
    }

    public func translator(for request: ChatRequest, errors: ProviderErrors) -> any AnswerTranslator {
        AnthropicTranslator(errors: errors)
    }

    /// All models fit one page: the API gives up to 1 000.
    public func modelsRequest(to endpoint: ProviderEndpoint) -> OutgoingRequest? {
        OutgoingRequest(
            .get,
            endpoint.url("/models", adding: "limit=1000"),
            headers: [("Accept", "application/json")] + Self.identification(endpoint)
        )
    }

    public func models(from body: [UInt8]) throws -> [ModelDescription] {
        guard let entries = try JSONValue(parsing: body)["data"]?.array else {
            throw BridgeError(.garbled, message: "What came back is not a list of models.")
        }
        return try entries.map { entry in
            guard let id = entry["id"]?.string else {
                throw BridgeError(.garbled, message: "What came back is not a list of models.")
            }
            return ModelDescription(
                id: id,
                contextLength: entry["max_input_tokens"]?.integer,
                capabilities: ModelCapability.told(by: entry)
            )
        }
    }

    public func tokenCountRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest? {
        let whole = try self.body(of: request)
        var body: JSONValue = [:]
        for key in ["model", "system", "messages", "tools", "tool_choice", "thinking", "output_config"] {
            body[key] = whole[key]
        }
        return self.post("/messages/count_tokens", body.bytes, accept: "application/json", to: endpoint)
    }

    public func tokenCount(from body: [UInt8]) throws -> Int {
        guard let count = try JSONValue(parsing: body)["input_tokens"]?.integer else {
            throw BridgeError.garbled(by: self.name)
        }
        return count
    }

    private func post(
        _ path: String,
        _ body: [UInt8],
        accept: String,
        to endpoint: ProviderEndpoint
    ) -> OutgoingRequest {
        OutgoingRequest(
            .post,
            endpoint.url(path),
            headers: [("Accept", accept), ("Content-Type", "application/json")] + Self.identification(endpoint),
            body: body
        )
    }

    private static func identification(_ endpoint: ProviderEndpoint) -> [(name: String, value: String)] {
        let key = endpoint.key.map { [(name: "x-api-key", value: $0.exposed)] } ?? []
        return key + [(name: "anthropic-version", value: "2023-06-01")]
    }
}
