import CherryCore
public import CherryNet

/// The Responses API of OpenAI. Nothing is stored there: every request carries the whole conversation, and reasoning
/// comes and goes in encrypted form.
public struct OpenAIResponsesDialect: ProviderDialect {
    private let chat = OpenAIChatDialect()

    public let name = "OpenAI's Responses API"
    public let api = WireAPI.openAIResponses

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
        self.chat.post(
            "/responses",
            body,
            accept: isStreamed ? "text/event-stream" : "application/json",
            to: endpoint
        )
    }

    public func framer(contentType: String, isStreamed: Bool) -> (any AnswerFramer)? {
        self.chat.framer(contentType: contentType, isStreamed: isStreamed)
    }

    public func translator(for request: ChatRequest, errors: ProviderErrors) -> any AnswerTranslator {
        OpenAIResponsesTranslator(errors: errors)
    }

    /// Models that do not reason refuse to be asked for encrypted reasoning, and some accounts for summaries of it. The
    /// answer is the same without.
    public func alternative(to request: OutgoingRequest, status: Int, body: [UInt8]) -> OutgoingRequest? {
        guard [400, 403, 422].contains(status), let sent = request.body,
            var value = try? JSONValue(parsing: sent)  // it is our own text
        else { return nil }
        let said = String(decoding: body, as: UTF8.self).lowercased()
        let before = value
        if said.contains("encrypted") || said.contains("include") {
            let kept = (value["include"]?.array ?? []).filter { $0 != "reasoning.encrypted_content" }
            value["include"] = kept.isEmpty ? nil : .array(kept)
        }
        if said.contains("summary") || said.contains("summaries") { value["reasoning", default: [:]]["summary"] = nil }
        guard value != before else { return nil }
        var second = request
        second.body = value.bytes
        return second
    }

    public func modelsRequest(to endpoint: ProviderEndpoint) -> OutgoingRequest? {
        self.chat.modelsRequest(to: endpoint)
    }

    public func models(from body: [UInt8]) throws -> [ModelDescription] { try self.chat.models(from: body) }

    public func embeddingsRequest(_ request: EmbeddingsRequest, to endpoint: ProviderEndpoint) -> OutgoingRequest {
        self.chat.embeddingsRequest(request, to: endpoint)
    }

    public func embeddings(from body: [UInt8], for request: EmbeddingsRequest) throws -> Embeddings {
        try self.chat.embeddings(from: body, for: request)
    }

    public func tokenCountRequest(_ request: ChatRequest, to endpoint: ProviderEndpoint) throws -> OutgoingRequest? {
        self.chat.post(
            "/responses/input_tokens",
            try self.question(of: request).bytes,
            accept: "application/json",
            to: endpoint
        )
    }

    public func tokenCount(from body: [UInt8]) throws -> Int {
        guard let count = try JSONValue(parsing: body)["input_tokens"]?.integer else {
            throw BridgeError.garbled(by: self.name)
        }
        return count
    }
}
