import CherryCore

/// Turns the events of a Messages answer into the product's, without a clock or a socket.
///
/// Reads streams and whole answers. Events that it does not know are passed over, as the API asks of its clients; so is
/// an answer that begins twice. Strict about the end: a stream without any `stop_reason` was cut off.
struct AnthropicTranslator: AnswerTranslator {
    /// A piece of content that has begun and not ended.
    private struct Block {
        /// A call's arguments when they come with its beginning, as they do in whole answers.
        var input: JSONValue?
        var isCall = false
        var hasArguments = false
        var signature = ""
    }

    private let errors: ProviderErrors
    private var calls = ToolCallAssembler()
    private var blocks: [Int: Block] = [:]
    private var counts: [String: Int] = [:]
    private var reason: FinishReason?
    private var isNamed = false
    private(set) var isDone = false
    private(set) var hasBegun = false

    init(errors: ProviderErrors) { self.errors = errors }

    mutating func receive(_ event: StreamedEvent) throws -> [ChatEvent] {
        guard !self.isDone else { return [] }
        guard let value = try? JSONValue(parsing: event.data), value.object != nil else {  // why does not matter
            throw BridgeError.garbled(by: "Anthropic's API")
        }
        if let error = value["error"], !error.isNull { throw self.errors.error(Self.detail(error)) }
        let index = value["index"]?.integer ?? 0
        // Every event of a stream without a name is called `message`; a whole answer calls itself so.
        switch value["type"]?.string ?? (event.name == "message" ? "" : event.name) {
        case "message_start": return self.begin(value["message"] ?? [:])
        case "content_block_start": return self.beginBlock(index, value["content_block"] ?? [:])
        case "content_block_delta": return self.extendBlock(index, value["delta"] ?? [:])
        case "content_block_stop": return self.endBlock(index)
        case "message_delta":
            self.hasBegun = true
            self.count(value["usage"])
            self.stop(value["delta"] ?? [:])
        case "message_stop": self.isDone = true
        case "message": return self.whole(value)
        default: break
        }
        return []
    }

    mutating func finish() throws -> [ChatEvent] {
        guard let reason else { throw BridgeError.cutOff }
        // An answer that was cut short may have cut a call short.
        var events = reason == .length ? [] : self.blocks.keys.sorted().flatMap { self.endBlock($0) }
        self.blocks = [:]
        if let usage { events.append(.usage(usage)) }
        return events + [.finished(reason)]
    }

    // MARK: The message

    private mutating func begin(_ message: JSONValue) -> [ChatEvent] {
        self.hasBegun = true
        self.count(message["usage"])
        guard !self.isNamed else { return [] }
        self.isNamed = true
        let (id, model) = (message["id"]?.string, message["model"]?.string)
        return id == nil && model == nil ? [] : [.started(id: id, model: model)]
    }

    private mutating func whole(_ message: JSONValue) -> [ChatEvent] {
        var events = self.begin(message)
        for (index, block) in (message["content"]?.array ?? []).enumerated() {
            events += self.beginBlock(index, block) + self.endBlock(index)
        }
        self.stop(message)
        self.isDone = true
        return events
    }

    private mutating func stop(_ delta: JSONValue) {
        guard let name = delta["stop_reason"]?.string, !name.isEmpty else { return }
        switch name {
        case "end_turn": self.reason = .stop
        case "stop_sequence": self.reason = delta["stop_sequence"]?.string.map { .stopText($0) } ?? .stop
        case "max_tokens", "model_context_window_exceeded": self.reason = .length
        case "tool_use": self.reason = .toolCalls
        case "refusal": self.reason = .filtered
        default: self.reason = .other(name)
        }
    }

    // MARK: Content

    private mutating func beginBlock(_ index: Int, _ block: JSONValue) -> [ChatEvent] {
        self.hasBegun = true
        switch block["type"]?.string {
        case "text": return Self.piece(block["text"], ChatEvent.text)
        case "thinking":
            self.blocks[index] = Block(signature: block["signature"]?.string ?? "")
            return Self.piece(block["thinking"], ChatEvent.reasoning)
        case "redacted_thinking":
            return block["data"]?.string.map { [.reasoningProof(Reasoning(text: "", encrypted: $0))] } ?? []
        case "tool_use":
            let events = self.calls.receive(
                index: index,
                id: block["id"]?.string,
                name: block["name"]?.string,
                arguments: ""
            )
            // Nothing begins when the same beginning came before.
            if !events.isEmpty { self.blocks[index] = Block(input: block["input"], isCall: true) }
            return events
        default: return []
        }
    }

    private mutating func extendBlock(_ index: Int, _ delta: JSONValue) -> [ChatEvent] {
        self.hasBegun = true
        switch delta["type"]?.string {
        case "text_delta": return Self.piece(delta["text"], ChatEvent.text)
        case "thinking_delta": return Self.piece(delta["thinking"], ChatEvent.reasoning)
        case "signature_delta":
            self.blocks[index, default: Block()].signature += delta["signature"]?.string ?? ""
            return []
        case "input_json_delta":
            guard let text = delta["partial_json"]?.string, !text.isEmpty else { return [] }
            self.blocks[index]?.hasArguments = true
            return self.calls.receive(index: index, id: nil, name: nil, arguments: text)
        default: return []
        }
    }

    private mutating func endBlock(_ index: Int) -> [ChatEvent] {
        guard let block = self.blocks.removeValue(forKey: index) else { return [] }
        if block.isCall {
            guard !block.hasArguments else { return [] }
            return self.calls.receive(index: index, id: nil, name: nil, arguments: (block.input ?? [:]).text)
        }
        return block.signature.isEmpty ? [] : [.reasoningProof(Reasoning(text: "", signature: block.signature))]
    }

    private static func piece(_ text: JSONValue?, _ event: (String) -> ChatEvent) -> [ChatEvent] {
        guard let text = text?.string, !text.isEmpty else { return [] }
        return [event(text)]
    }

    // MARK: Usage and errors

    /// Counts are totals so far, and what an event leaves out stands as it was.
    private mutating func count(_ usage: JSONValue?) {
        for key in [
            "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens",
        ] {
            if let count = usage?[key]?.tokenCount { self.counts[key] = count }
        }
        if let count = usage?["output_tokens_details"]?["thinking_tokens"]?.tokenCount {
            self.counts["thinking_tokens"] = count
        }
    }

    private var usage: TokenUsage? {
        guard self.counts["input_tokens"] != nil || self.counts["output_tokens"] != nil else { return nil }
        let read = self.counts["cache_read_input_tokens"] ?? 0
        let write = self.counts["cache_creation_input_tokens"] ?? 0
        return TokenUsage(
            prompt: (self.counts["input_tokens"] ?? 0) + read + write,
            completion: self.counts["output_tokens"] ?? 0,
            cachedPrompt: read,
            cacheWrite: write,
            reasoning: self.counts["thinking_tokens"] ?? 0
        )
    }

    /// An error within an answer comes without its status; the API documents which status goes with which type.
    private static func detail(_ error: JSONValue) -> ProviderErrors.Detail {
        let type = error["type"]?.string ?? ""
        let statuses = [
            "authentication_error": 401, "billing_error": 402, "permission_error": 403, "not_found_error": 404,
            "request_too_large": 413, "rate_limit_error": 429, "api_error": 500, "timeout_error": 504,
            "overloaded_error": 529,
        ]
        return ProviderErrors.Detail(
            message: error["message"]?.string ?? error.string,
            status: statuses[type],
            codes: [type]
        )
    }
}
