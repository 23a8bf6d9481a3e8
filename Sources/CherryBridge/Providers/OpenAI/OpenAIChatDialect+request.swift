import CherryCore

extension OpenAIChatDialect {
    /// The body of a request (OpenAI API reference, "Create chat completion").
    func body(of request: ChatRequest) throws -> JSONValue {
        guard request.topK == nil else { throw BridgeError.unsupported("top_k", by: self.name) }
        // Gemini's models refuse a call of theirs without its signature (Gemini API, "Thought signatures", with the
        // OpenAI-compatible endpoint); others may refuse one with a field that they do not know.
        let signsCalls = request.model.lowercased().contains("gemini")
        var body: JSONValue = [
            "model": .string(request.model),
            "messages": .array(try request.messages.flatMap { try self.messages($0, signsCalls: signsCalls) }),
            "stream": .bool(request.isStreamed),
        ]
        if request.isStreamed { body["stream_options"] = ["include_usage": true] }
        body["temperature"] = request.temperature.map { .number($0) }
        body["top_p"] = request.topP.map { .number($0) }
        body["max_tokens"] = request.maxTokens.map { .integer(Int64($0)) }
        if !request.stop.isEmpty { body["stop"] = .array(request.stop.map { .string($0) }) }
        body["seed"] = request.seed.map { .integer(Int64($0)) }
        body["frequency_penalty"] = request.frequencyPenalty.map { .number($0) }
        body["presence_penalty"] = request.presencePenalty.map { .number($0) }
        if let count = request.topLogProbabilities {
            body["logprobs"] = true
            if count > 0 { body["top_logprobs"] = .integer(Int64(count)) }
        }
        body["reasoning_effort"] = try request.reasoning.map { .string(try self.effort($0)) }
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(self.tool)) }
        body["tool_choice"] = request.toolChoice.map(self.choice)
        body["parallel_tool_calls"] = request.allowsParallelCalls.map { .bool($0) }
        body["response_format"] = request.format.map(self.format)
        return body
    }

    /// One message of ours is several of theirs when it carries the results of several calls.
    private func messages(_ message: ChatMessage, signsCalls: Bool) throws -> [JSONValue] {
        switch message.role {
        case .tool: return try message.parts.map(self.result)
        case .assistant: return [try self.assistant(message, signsCalls: signsCalls)]
        case .system, .user:
            return [["role": .string(message.role.rawValue), "content": try self.content(message.parts)]]
        }
    }

    private func assistant(_ message: ChatMessage, signsCalls: Bool) throws -> JSONValue {
        var calls: [JSONValue] = []
        var said: [ContentPart] = []
        for part in message.parts {
            switch part {
            case .toolCall(let call):
                var value = Self.call(call)
                if signsCalls, let signature = call.signature {
                    value["extra_content"] = OpenAIChatEncoder.extra(signature)
                }
                calls.append(value)
            case .reasoning: continue  // the API has no place for it: models that think do not want it back
            default: said.append(part)
            }
        }
        var value: JSONValue = ["role": "assistant"]
        value["content"] = said.isEmpty ? .null : try self.content(said)
        if !calls.isEmpty { value["tool_calls"] = .array(calls) }
        return value
    }

    static func call(_ call: ToolCall) -> JSONValue {
        [
            "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
        ]
    }

    private func result(_ part: ContentPart) throws -> JSONValue {
        guard case .toolResult(let result) = part else {
            throw BridgeError.unsupported("other content beside a tool's result", by: self.name)
        }
        return [
            "role": "tool", "tool_call_id": .string(result.callID), "content": try self.content(result.parts),
        ]
    }

    /// Text alone stays a text, which every server takes; the rest are parts.
    private func content(_ parts: [ContentPart]) throws -> JSONValue {
        if parts.count == 1, case .text(let text) = parts[0] { return .string(text) }
        return .array(try parts.map(self.part))
    }

    func part(_ part: ContentPart) throws -> JSONValue {
        switch part {
        case .text(let text): return ["type": "text", "text": .string(text)]
        case .image(let image):
            var value: JSONValue = ["url": .string(try self.address(of: image))]
            value["detail"] = image.detail.map { .string($0) }
            return ["type": "image_url", "image_url": value]
        case .file(let file):
            var value: JSONValue = [:]
            value["filename"] = file.name.map { .string($0) }
            switch file.source {
            case .base64: value["file_data"] = .string(try self.address(of: file))
            case .id(let id): value["file_id"] = .string(id)
            case .url: throw BridgeError.unsupported("files by their address", by: self.name)
            }
            return ["type": "file", "file": value]
        case .reasoning, .toolCall, .toolResult:
            throw BridgeError.unsupported("calls and reasoning within a message of text", by: self.name)
        }
    }

    func address(of media: Media) throws -> String {
        switch media.source {
        case .url(let url): return url
        case .base64(let data): return "data:\(media.type ?? "application/octet-stream");base64,\(data)"
        case .id: throw BridgeError.unsupported("images by an id", by: self.name)
        }
    }

    private func effort(_ effort: ReasoningEffort) throws -> String {
        switch effort {
        case .none: "none"
        case .minimal: "minimal"
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        case .tokens: throw BridgeError.unsupported("a number of reasoning tokens", by: self.name)
        }
    }

    private func tool(_ tool: ToolDefinition) -> JSONValue {
        var function: JSONValue = ["name": .string(tool.name)]
        function["description"] = tool.description.map { .string($0) }
        function["parameters"] = tool.parameters
        function["strict"] = tool.isStrict.map { .bool($0) }
        return ["type": "function", "function": function]
    }

    private func choice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .tool(let name): ["type": "function", "function": ["name": .string(name)]]
        }
    }

    private func format(_ format: ResponseFormat) -> JSONValue {
        switch format {
        case .json: return ["type": "json_object"]
        case .schema(let name, let schema, let isStrict, let description):
            var value: JSONValue = ["name": .string(name), "schema": schema, "strict": .bool(isStrict)]
            value["description"] = description.map { .string($0) }
            return ["type": "json_schema", "json_schema": value]
        }
    }
}
