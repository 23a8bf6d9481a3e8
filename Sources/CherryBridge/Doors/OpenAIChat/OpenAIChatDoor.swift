public import CherryCore
public import Foundation

/// The Chat Completions API of OpenAI as tools speak it to the bridge (API reference, "Create chat completion").
///
/// Taken without influence on the answer: `user`, `metadata`, `store` when false, `service_tier` when `auto` or
/// `default`, `safety_identifier`, `prompt_cache_key`, `prompt_cache_options`, `prompt_cache_retention`, `prediction`,
/// `stream_options.include_obfuscation`, `n` of 1, `modalities` of text alone, an empty `logit_bias`, `verbosity` of
/// `medium`; on messages and parts `cache_control`, `prompt_cache_breakpoint` and what an answer carries that is given
/// back (`annotations`, `audio` and `function_call` when null, a call's `index`). Also taken are `top_k`, which many
/// servers have, and the reasoning that answers of this door carry: `reasoning_content` (or `reasoning`),
/// `reasoning_details`, and `extra_content.google.thought_signature` of calls. Every other field is refused by name.
///
/// Reasoning is written as `reasoning_content`. What proves it to its provider follows in `reasoning_details`: `index`
/// counts the proofs, `length` is the length in bytes of the reasoning that one concerns, `signature` and `data` are the
/// provider's. A tool that gives both back with the message makes the provider take its reasoning back.
public struct OpenAIChatDoor: BridgeDoor {
    public let api = WireAPI.openAIChat

    /// Creates the door.
    public init() {}

    public func exchange(id: String, created: Date, for body: JSONValue) -> DoorExchange {
        DoorExchange(
            id: id,
            created: created,
            model: body["model"]?.string ?? "",
            includesUsage: body["stream_options"]?["include_usage"]?.bool ?? false
        )
    }

    public func request(from body: JSONValue) throws -> ChatRequest {
        try OpenAIChatReader.request(from: body)
    }

    public func encoder(for request: ChatRequest, as exchange: DoorExchange) -> any AnswerEncoder {
        OpenAIChatEncoder(exchange, isStreamed: request.isStreamed)
    }

    public func refusal(_ error: BridgeError, id: String?) -> DoorRefusal { error.openAIRefusal }
}
