public import CherryCore
public import Foundation

/// The Responses API of OpenAI as tools speak it to the bridge (API reference, "Create a model response").
///
/// Nothing is stored between requests: `store` may be absent (which here means false) or false, and the whole
/// conversation is sent each time, reasoning items with their `encrypted_content` included. `previous_response_id`,
/// `conversation`, `background`, `prompt` and references to items are refused by name, and so are tools that run at the
/// provider.
///
/// Taken without influence on the answer: `metadata` (given back), `user`, `safety_identifier`, `prompt_cache_key`,
/// `prompt_cache_options`, `prompt_cache_retention`, `max_tool_calls`, `service_tier` when `auto` or `default`,
/// `truncation` when `disabled`, `text.verbosity` when `medium`, `reasoning.summary` (reasoning is always written),
/// `stream_options.include_obfuscation`, every known `include`; on items `id`, `status` and `phase`. An answer repeats
/// the request's settings but not its words, so `instructions` is `null` in it.
///
/// Because the API's last event repeats the whole answer, so does the encoder keep it.
public struct OpenAIResponsesDoor: BridgeDoor {
    public let api = WireAPI.openAIResponses

    /// Creates the door.
    public init() {}

    public func exchange(id: String, created: Date, for body: JSONValue) -> DoorExchange {
        DoorExchange(
            id: id,
            created: created,
            model: body["model"]?.string ?? "",
            metadata: body["metadata"].flatMap { $0.object == nil ? nil : $0 }
        )
    }

    public func request(from body: JSONValue) throws -> ChatRequest {
        try OpenAIResponsesReader.request(from: body)
    }

    public func encoder(for request: ChatRequest, as exchange: DoorExchange) -> any AnswerEncoder {
        OpenAIResponsesEncoder(exchange, for: request)
    }

    public func refusal(_ error: BridgeError, id: String?) -> DoorRefusal { error.openAIRefusal }
}
