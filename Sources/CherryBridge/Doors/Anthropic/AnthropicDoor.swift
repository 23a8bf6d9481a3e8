public import CherryCore

/// The Messages API of Anthropic as tools speak it to the bridge (API reference, "Create a Message").
///
/// Taken without influence on the answer: `metadata`, `service_tier`, `cache_control` everywhere, `diagnostics`,
/// `user_profile_id`, `workspace_id`, `speed` when `standard`, `thinking.display` (thinking is always written),
/// `eager_input_streaming`, `context_management` when it keeps everything. `thinking` of type `adaptive` is the effort of
/// `output_config`, `high` when there is none, as the API defines it. Tools that run at the provider and every other
/// field are refused by name.
///
/// The number of tokens read is known at the end only, so `message_start` says 0 and `message_delta` says them all.
/// What proves reasoning of other providers stands in `signature` or in `redacted_thinking`, marked; given back as the
/// API demands, it reaches its provider again.
public struct AnthropicDoor: BridgeDoor {
    public let api = WireAPI.anthropicMessages

    /// Creates the door.
    public init() {}

    public func request(from body: JSONValue) throws -> ChatRequest {
        try AnthropicReader.request(from: body, needsLimit: true)
    }

    /// Reads a request to count tokens, which is a chat request without a limit.
    ///
    /// - Throws: as `request(from:)`.
    public func tokenCountRequest(from body: JSONValue) throws -> ChatRequest {
        try AnthropicReader.request(from: body, needsLimit: false)
    }

    /// The answer to a request to count tokens.
    public static func tokenCount(_ tokens: Int) -> JSONValue { ["input_tokens": .integer(Int64(tokens))] }

    public func encoder(for request: ChatRequest, as exchange: DoorExchange) -> any AnswerEncoder {
        AnthropicEncoder(exchange, isStreamed: request.isStreamed)
    }

    public func refusal(_ error: BridgeError, id: String?) -> DoorRefusal {
        DoorRefusal(status: error.anthropic.status, retryAfter: error.retryAfter, body: error.anthropicBody(id: id))
    }
}
