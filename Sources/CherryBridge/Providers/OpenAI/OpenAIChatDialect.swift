import CherryCore
public import CherryNet

/// The Chat Completions API of OpenAI, and of the many servers that speak it.
public struct OpenAIChatDialect: ProviderDialect {
    public let name: String
    public let api = WireAPI.openAIChat

    /// Creates the dialect.
    public init() { self.init(name: "OpenAI's API") }

    /// Creates the dialect for a provider whose own is nearly the same.
    init(name: String) { self.name = name }

    public func chatRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest {
        try self.chatRequest(
            body: self.body(of: request).bytes,
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
        self.post(
            "/chat/completions",
            body,
            accept: isStreamed ? "text/event-stream" : "application/json",
            to: endpoint
        )
    }

    public func framer(contentType: String, isStreamed: Bool) -> (any AnswerFramer)? {
        if contentType.names("json") { return WholeAnswerFramer() }
        // Some servers stream without naming the type; a page of a web site is an answer of nobody.
        return contentType.names("html") ? nil : ServerSentEventParser()
    }

    public func translator(for request: ChatRequest, errors: ProviderErrors) -> any AnswerTranslator {
        OpenAIChatTranslator(errors: errors)
    }

    /// Some servers refuse to be asked for usage within a stream; they are asked without. Models of OpenAI that reason
    /// want the limit under its newer name, which other servers do not know.
    public func alternative(to request: OutgoingRequest, status: Int, body: [UInt8]) -> OutgoingRequest? {
        guard [400, 422].contains(status), let sent = request.body else { return nil }
        let said = String(decoding: body, as: UTF8.self)
        let (refusesUsage, wantsNewName) = (said.contains("stream_options"), said.contains("max_completion_tokens"))
        guard refusesUsage || wantsNewName, var value = try? JSONValue(parsing: sent)  // it is our own text
        else { return nil }
        let before = value
        if refusesUsage { value["stream_options"] = nil }
        if wantsNewName, let limit = value["max_tokens"] {
            value["max_tokens"] = nil
            value["max_completion_tokens"] = limit
        }
        guard value != before else { return nil }
        var second = request
        second.body = value.bytes
        return second
    }

    public func modelsRequest(to endpoint: ProviderEndpoint) -> OutgoingRequest? {
        OutgoingRequest(
            .get,
            endpoint.url("/models"),
            headers: [("Accept", "application/json")] + Self.authorization(endpoint)
        )
    }

    public func models(from body: [UInt8]) throws -> [ModelDescription] {
        try OpenAIModelList.read(body)
    }

    public func embeddingsRequest(_ request: EmbeddingsRequest, to endpoint: ProviderEndpoint) -> OutgoingRequest {
        self.post("/embeddings", Self.embeddingsBody(request).bytes, accept: "application/json", to: endpoint)
    }

    static func embeddingsBody(_ request: EmbeddingsRequest) -> JSONValue {
        var body: JSONValue = ["model": .string(request.model), "input": .array(request.texts.map { .string($0) })]
        body["dimensions"] = request.dimensions.map { .integer(Int64($0)) }
        return body
    }

    public func embeddings(from body: [UInt8], for request: EmbeddingsRequest) throws -> Embeddings {
        let answer = try JSONValue(parsing: body)
        let items = try (answer["data"]?.array ?? []).map { item -> (index: Int, vector: [Float]) in
            guard let index = item["index"]?.integer, let numbers = item["embedding"]?.array else {
                throw BridgeError.garbled(by: self.name)
            }
            return (index, numbers.compactMap { $0.number.map(Float.init) })
        }
        let sorted = items.sorted { $0.index < $1.index }
        guard sorted.map(\.index) == Array(request.texts.indices) else {
            throw BridgeError(.garbled, message: "The provider sent vectors for other texts than it was asked for.")
        }
        return Embeddings(vectors: sorted.map(\.vector), promptTokens: answer["usage"]?["prompt_tokens"]?.integer)
    }

    func post(
        _ path: String,
        _ body: [UInt8],
        accept: String,
        to endpoint: ProviderEndpoint
    ) -> OutgoingRequest {
        OutgoingRequest(
            .post,
            endpoint.url(path),
            headers: [("Accept", accept), ("Content-Type", "application/json")] + Self.authorization(endpoint),
            body: body
        )
    }

    static func authorization(_ endpoint: ProviderEndpoint) -> [(name: String, value: String)] {
        endpoint.key.map { [(name: "Authorization", value: "Bearer \($0.exposed)")] } ?? []
    }
}
