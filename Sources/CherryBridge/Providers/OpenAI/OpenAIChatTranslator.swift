import CherryCore

/// Turns the events of a Chat Completions answer into the product's, without a clock or a socket.
///
/// Tolerant of what servers do differently: usage first, last, in the final chunk or never; no `[DONE]`; `content` as
/// `null` or as parts; reasoning under two names; empty deltas; a `finish_reason` that is empty or comes with every
/// piece; calls whose index or id is missing or repeated; the whole answer in one event, which is what a server sends
/// that does not stream. Strict about the end: a stream without any `finish_reason` was cut off.
struct OpenAIChatTranslator: AnswerTranslator {
    private let errors: ProviderErrors
    private var calls = ToolCallAssembler()
    private var usage: TokenUsage?
    private var reason: FinishReason?
    private(set) var isDone = false
    private(set) var hasBegun = false
    private var isNamed = false

    init(errors: ProviderErrors) { self.errors = errors }

    mutating func receive(_ event: StreamedEvent) throws -> [ChatEvent] {
        guard !self.isDone else { return [] }
        if event.data == "[DONE]" {
            self.isDone = true
            return []
        }
        guard let chunk = try? JSONValue(parsing: event.data), chunk.object != nil else {  // why does not matter
            throw BridgeError.garbled(by: "an OpenAI-compatible API")
        }
        if let error = chunk["error"], !error.isNull { throw self.errors.error(.init(error)) }
        let choices = chunk["choices"]?.array
        var events: [ChatEvent] = []
        if let choices, !self.isNamed {
            let (id, model) = (Self.name(chunk["id"]), Self.name(chunk["model"]))
            if id != nil || model != nil { events.append(.started(id: id, model: model)) }
            // What comes before the first choice may be nameless: Azure judges the prompt there.
            self.isNamed = !events.isEmpty || !choices.isEmpty
        }
        self.hasBegun = self.hasBegun || choices != nil
        if let usage = chunk["usage"], let prompt = usage["prompt_tokens"]?.tokenCount {
            self.usage = TokenUsage(
                prompt: prompt,
                completion: usage["completion_tokens"]?.tokenCount ?? 0,
                cachedPrompt: usage["prompt_tokens_details"]?["cached_tokens"]?.tokenCount ?? 0,
                cacheWrite: usage["prompt_tokens_details"]?["cache_write_tokens"]?.tokenCount ?? 0,
                reasoning: usage["completion_tokens_details"]?["reasoning_tokens"]?.tokenCount ?? 0
            )
        }
        for choice in choices ?? [] where choice["index"]?.integer ?? 0 == 0 {
            // In an answer that is not streamed it is called `message`.
            if let piece = choice["delta"] ?? choice["message"] { events += self.read(piece) }
            if let tokens = choice["logprobs"]?["content"]?.array, !tokens.isEmpty {
                events.append(.logProbabilities(tokens.compactMap(Self.probability)))
            }
            if let reason = Self.name(choice["finish_reason"]) { self.reason = try Self.reason(reason) }
        }
        return events
    }

    mutating func finish() throws -> [ChatEvent] {
        guard let reason else { throw BridgeError.cutOff }
        return (self.usage.map { [.usage($0)] } ?? []) + [.finished(reason)]
    }

    private mutating func read(_ piece: JSONValue) -> [ChatEvent] {
        var events: [ChatEvent] = []
        if let text = piece["reasoning_content"]?.string ?? piece["reasoning"]?.string, !text.isEmpty {
            events.append(.reasoning(text))
        }
        switch piece["content"] {
        case .string(let text) where !text.isEmpty: events.append(.text(text))
        case .array(let parts): events += parts.flatMap(Self.part)
        default: if let text = Self.name(piece["refusal"]) { events.append(.text(text)) }
        }
        for call in piece["tool_calls"]?.array ?? [] {
            events += self.calls.receive(
                index: call["index"]?.integer,
                id: call["id"]?.string,
                name: call["function"]?["name"]?.string,
                arguments: Self.arguments(call["function"]?["arguments"]),
                signature: call["extra_content"]?["google"]?["thought_signature"]?.string
            )
        }
        return events
    }

    /// A text that says something.
    private static func name(_ value: JSONValue?) -> String? {
        value?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A part of content that comes in parts; Mistral's models think in them.
    private static func part(_ part: JSONValue) -> [ChatEvent] {
        guard part["type"] == "thinking" else { return self.name(part["text"]).map { [.text($0)] } ?? [] }
        let thoughts = part["thinking"]?.array?.compactMap { self.name($0["text"]) } ?? []
        let proof = self.name(part["signature"]).map { Reasoning(text: "", signature: $0) }
        return thoughts.map { .reasoning($0) } + (proof.map { [.reasoningProof($0)] } ?? [])
    }

    /// JSON text, or, from servers that have it wrong, the JSON itself.
    private static func arguments(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text): text
        case .object: value?.text ?? ""
        default: ""
        }
    }

    static func probability(_ token: JSONValue) -> TokenProbability? {
        guard let chosen = self.alternative(token) else { return nil }
        return TokenProbability(chosen: chosen, top: (token["top_logprobs"]?.array ?? []).compactMap(self.alternative))
    }

    private static func alternative(_ token: JSONValue) -> TokenProbability.Alternative? {
        guard let text = token["token"]?.string, let probability = token["logprob"]?.number else { return nil }
        let bytes = token["bytes"]?.array?.compactMap { $0.integer.flatMap(UInt8.init(exactly:)) }
        return .init(token: text, logProbability: probability, bytes: bytes)
    }

    private static func reason(_ name: String) throws -> FinishReason {
        switch name {
        case "stop": .stop
        case "length", "model_length": .length
        case "error":
            throw BridgeError(
                .overloaded,
                message: "The provider failed in the middle of its answer.",
                hint: "Try again in a moment."
            )
        case "content_filter": .filtered
        case "tool_calls", "function_call": .toolCalls
        default: .other(name)
        }
    }
}
