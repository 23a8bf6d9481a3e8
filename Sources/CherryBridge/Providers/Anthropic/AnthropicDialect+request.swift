import CherryCore

extension AnthropicDialect {
    /// Tokens of an answer when the request sets no limit: the API demands one, and every model in service takes this.
    static let defaultMaxTokens = 8_192

    /// The body of a request (Anthropic API reference, "Create a Message").
    ///
    /// Messages of one speaker in a row become one, and results of calls come first in theirs, as the API demands. All
    /// system messages stand before the conversation, in their order, wherever they stood within it.
    func body(of request: ChatRequest) throws -> JSONValue {
        try request.refuseSeedPenaltiesAndProbabilities(by: self.name)
        try request.refuseHighTemperature(by: self.name)
        let thinking = try request.reasoning.map {
            try AnthropicThinking($0, of: request, defaultMaxTokens: Self.defaultMaxTokens, by: self.name)
        }
        let maxTokens = thinking?.maxTokens ?? request.maxTokens ?? Self.defaultMaxTokens
        var body: JSONValue = ["model": .string(request.model), "max_tokens": .integer(Int64(maxTokens))]
        let system = try request.messages.filter { $0.role == .system }.flatMap { try self.system($0) }
        if !system.isEmpty { body["system"] = .array(system) }
        body["messages"] = try self.messages(request.messages)
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(self.tool)) }
        body["tool_choice"] = self.choice(request)
        body["thinking"] = thinking?.config
        body["output_config"] = try self.output(request.format, effort: thinking?.effort)
        body["temperature"] = request.temperature.map { .number($0) }
        body["top_p"] = request.topP.map { .number($0) }
        body["top_k"] = request.topK.map { .integer(Int64($0)) }
        if !request.stop.isEmpty { body["stop_sequences"] = .array(request.stop.map { .string($0) }) }
        body["stream"] = .bool(request.isStreamed)
        return body
    }

    // MARK: Messages

    private func system(_ message: ChatMessage) throws -> [JSONValue] {
        try message.parts.compactMap { part in
            guard case .text(let text) = part else {
                throw BridgeError.unsupported("other content than text in a system message", by: self.name)
            }
            return Self.text(text)
        }
    }

    private func messages(_ messages: [ChatMessage]) throws -> JSONValue {
        var turns = WireTurns()
        var calls = CallLedger(form: .init(punctuation: Array("_-".utf8), longest: 128))
        for message in messages {
            switch message.role {
            case .system: continue
            case .user: turns.add("user", try message.parts.compactMap(self.content))
            case .assistant: turns.add("assistant", try message.parts.compactMap { try self.said($0, &calls) })
            case .tool: turns.add("user", try message.parts.map { try self.result($0, calls) })
            }
        }
        turns.putFirst { $0["type"]?.string == "tool_result" }
        return turns.value(partsUnder: "content")
    }

    private func said(_ part: ContentPart, _ calls: inout CallLedger) throws -> JSONValue? {
        switch part {
        case .text(let text): return Self.text(text)
        case .reasoning(let reasoning): return Self.thought(reasoning)
        case .toolCall(let call):
            return [
                "type": "tool_use", "id": .string(calls.begin(call)), "name": .string(call.name),
                "input": try call.argumentsObject(for: self.name),
            ]
        case .image, .file, .toolResult:
            throw BridgeError.unsupported("images, files and results within an assistant's message", by: self.name)
        }
    }

    /// Reasoning that its provider did not prove is nobody's to give back, and the API refuses it.
    private static func thought(_ reasoning: Reasoning) -> JSONValue? {
        if let signature = reasoning.signature {
            return [
                "type": "thinking", "thinking": .string(reasoning.text), "signature": .string(signature),
            ]
        }
        // Reasoning with an id is that of another API.
        guard let data = reasoning.encrypted, reasoning.id == nil else { return nil }
        return ["type": "redacted_thinking", "data": .string(data)]
    }

    private func result(_ part: ContentPart, _ calls: CallLedger) throws -> JSONValue {
        guard case .toolResult(let result) = part else {
            throw BridgeError.unsupported("other content beside a tool's result", by: self.name)
        }
        var value: JSONValue = ["type": "tool_result", "tool_use_id": .string(calls.id(for: result))]
        let content = try result.parts.compactMap(self.content)
        if !content.isEmpty { value["content"] = .array(content) }
        if result.isError { value["is_error"] = true }
        return value
    }

    /// The API refuses text blocks without text.
    private static func text(_ text: String) -> JSONValue? {
        text.isEmpty ? nil : ["type": "text", "text": .string(text)]
    }

    private func content(_ part: ContentPart) throws -> JSONValue? {
        switch part {
        case .text(let text): return Self.text(text)
        case .image(let image): return ["type": "image", "source": try self.source(ofImage: image)]
        case .file(let file):
            var value: JSONValue = ["type": "document", "source": try self.source(ofFile: file)]
            value["title"] = file.name.map { .string($0) }
            return value
        case .reasoning, .toolCall, .toolResult:
            throw BridgeError.unsupported("calls, results and reasoning within a user's message", by: self.name)
        }
    }

    private func source(ofImage image: Media) throws -> JSONValue {
        try image.refuseLowDetail(by: self.name)
        switch image.source {
        case .base64(let data):
            guard let type = image.type else { throw BridgeError.unsupported("images of no type", by: self.name) }
            return ["type": "base64", "media_type": .string(type), "data": .string(data)]
        case .url(let url): return ["type": "url", "url": .string(url)]
        case .id(let id): return ["type": "file", "file_id": .string(id)]
        }
    }

    private func source(ofFile file: Media) throws -> JSONValue {
        switch file.source {
        case .url(let url): return ["type": "url", "url": .string(url)]
        case .id(let id): return ["type": "file", "file_id": .string(id)]
        case .base64(let data):
            if file.type == "application/pdf" {
                return ["type": "base64", "media_type": "application/pdf", "data": .string(data)]
            }
            guard file.type?.hasPrefix("text/") == true, let text = file.text else {
                throw BridgeError.unsupported("files of type \(file.type ?? "unknown")", by: self.name)
            }
            return ["type": "text", "media_type": "text/plain", "data": .string(text)]
        }
    }

    // MARK: Tools and format

    private func tool(_ tool: ToolDefinition) -> JSONValue {
        var value: JSONValue = ["name": .string(tool.name)]
        value["description"] = tool.description.map { .string($0) }
        value["input_schema"] = tool.parameters ?? ["type": "object", "properties": [:]]
        value["strict"] = tool.isStrict.map { .bool($0) }
        return value
    }

    /// Without tools there is nothing to choose, and the API refuses a choice.
    private func choice(_ request: ChatRequest) -> JSONValue? {
        var value: JSONValue
        switch request.toolChoice {
        case .required: value = ["type": "any"]
        case .tool(let name): value = ["type": "tool", "name": .string(name)]
        case _ where request.tools.isEmpty: return nil
        case ToolChoice.none?: return ["type": "none"]
        case .auto: value = ["type": "auto"]
        case nil:
            if request.allowsParallelCalls == nil { return nil }
            value = ["type": "auto"]
        }
        value["disable_parallel_tool_use"] = request.allowsParallelCalls.map { .bool(!$0) }
        return value
    }

    private func output(_ format: ResponseFormat?, effort: String?) throws -> JSONValue? {
        var value: JSONValue = [:]
        value["effort"] = effort.map { .string($0) }
        switch format {
        case nil: break
        case .json: throw BridgeError.unsupported("JSON without a schema", by: self.name)
        case .schema(_, let schema, _, let description):
            value["format"] = ["type": "json_schema", "schema": ResponseFormat.described(schema, description)]
        }
        return value == [:] ? nil : value
    }
}
