import CherryCore
public import CherryNet

/// Mistral's API: much as OpenAI's, but other names for some fields, and strict about those that it does not know
/// (API reference, "Chat Completion").
public struct MistralDialect: ProviderDialect {
    let openAI = OpenAIChatDialect(name: "Mistral's API")

    public var name: String { self.openAI.name }
    public let api = WireAPI.mistral

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
        self.openAI.chatRequest(body: body, model: model, isStreamed: isStreamed, to: endpoint)
    }

    public func framer(contentType: String, isStreamed: Bool) -> (any AnswerFramer)? {
        self.openAI.framer(contentType: contentType, isStreamed: isStreamed)
    }

    /// Answers differ in what OpenAI's translator tolerates anyway: content in parts, `model_length`.
    public func translator(for request: ChatRequest, errors: ProviderErrors) -> any AnswerTranslator {
        self.openAI.translator(for: request, errors: errors)
    }

    public func modelsRequest(to endpoint: ProviderEndpoint) -> OutgoingRequest? {
        self.openAI.modelsRequest(to: endpoint)
    }

    /// The models that chat or embed, each once: aliases are listed under their own name and may repeat one.
    public func models(from body: [UInt8]) throws -> [ModelDescription] {
        let entries = try JSONValue(parsing: body)["data"]?.array ?? []
        let idle = entries.filter { $0["capabilities"]?["completion_chat"] == false }.compactMap { $0["id"]?.string }
        var seen: Set<String> = []
        return try self.openAI.models(from: body).filter { model in
            (!idle.contains(model.id) || model.id.contains("embed")) && seen.insert(model.id).inserted
        }
    }

    public func embeddingsRequest(_ request: EmbeddingsRequest, to endpoint: ProviderEndpoint) -> OutgoingRequest {
        var plain = request
        plain.dimensions = nil
        var body = OpenAIChatDialect.embeddingsBody(plain)
        body["output_dimension"] = request.dimensions.map { .integer(Int64($0)) }
        return self.openAI.post("/embeddings", body.bytes, accept: "application/json", to: endpoint)
    }

    public func embeddings(from body: [UInt8], for request: EmbeddingsRequest) throws -> Embeddings {
        try self.openAI.embeddings(from: body, for: request)
    }
}
