import CherryCore

/// What Converse leaves to each family of models: `top_k` and reasoning (Amazon Bedrock user guide, "Inference request
/// parameters and response fields for foundation models"). A family whose parameter is not documented there is refused.
struct BedrockModelSettings {
    /// The value of `additionalModelRequestFields`.
    private(set) var fields: JSONValue = [:]
    /// The value of `outputConfig.effort`.
    private(set) var effort: String?
    /// Another limit than the request's, when thought needs room of its own.
    private(set) var maxTokens: Int?

    /// Adds what `request` asks for; throws when its model cannot be told.
    mutating func add(_ request: ChatRequest, by provider: String) throws {
        let model = request.model
        if let count = request.topK {
            if model.contains("anthropic.") || model.contains("mistral.") {
                self.fields["top_k"] = .integer(Int64(count))
            } else if model.contains("amazon.nova") {
                self.fields["inferenceConfig"] = ["topK": .integer(Int64(count))]
            } else {
                throw BridgeError.unsupported("top_k for this model", by: provider)
            }
        }
        guard let reasoning = request.reasoning else { return }
        if model.contains("anthropic.") {
            let thinking = try AnthropicThinking(
                reasoning,
                of: request,
                defaultMaxTokens: AnthropicDialect.defaultMaxTokens,
                by: provider
            )
            self.fields["thinking"] = thinking.config
            self.effort = thinking.effort
            if reasoning != .none { self.maxTokens = thinking.maxTokens }
        } else if model.contains("openai.gpt-oss"), let level = reasoning.level {
            self.fields["reasoning_effort"] = .string(level)
        } else if reasoning != .none {
            throw BridgeError.unsupported("a reasoning effort for this model", by: provider)
        }
    }
}
