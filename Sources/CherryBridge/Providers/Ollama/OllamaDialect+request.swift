import CherryCore

extension OllamaDialect {
    /// The body of a request (Ollama API documentation, "Generate a chat message").
    func body(of request: ChatRequest) throws -> JSONValue {
        try request.refuseSingleCalls(by: self.name)
        var body: JSONValue = [
            "model": .string(request.model), "messages": try self.messages(request.messages),
            "stream": .bool(request.isStreamed),
        ]
        body["tools"] = try self.tools(request)
        switch request.format {
        case nil: break
        case .json: body["format"] = "json"
        case .schema(_, let schema, _, let description):
            body["format"] = ResponseFormat.described(schema, description)
        }
        let options = self.options(request)
        if options != [:] { body["options"] = options }
        body["think"] = try request.reasoning.map { try self.think($0, request.model) }
        if let count = request.topLogProbabilities {
            body["logprobs"] = true
            if count > 0 { body["top_logprobs"] = .integer(Int64(count)) }
        }
        return body
    }

    private func options(_ request: ChatRequest) -> JSONValue {
        var options: JSONValue = [:]
        options["temperature"] = request.temperature.map { .number($0) }
        options["top_p"] = request.topP.map { .number($0) }
        options["top_k"] = request.topK.map { .integer(Int64($0)) }
        options["num_predict"] = request.maxTokens.map { .integer(Int64($0)) }
        if !request.stop.isEmpty { options["stop"] = .array(request.stop.map { .string($0) }) }
        options["seed"] = request.seed.map { .integer(Int64($0)) }
        options["frequency_penalty"] = request.frequencyPenalty.map { .number($0) }
        options["presence_penalty"] = request.presencePenalty.map { .number($0) }
        return options
    }

    /// Only gpt-oss models take a level; the others think or do not, whatever the effort.
    private func think(_ effort: ReasoningEffort, _ model: String) throws -> JSONValue {
        if effort == .none { return false }
        guard let level = effort.level else {
            throw BridgeError.unsupported("a number of reasoning tokens", by: self.name)
        }
        return model.contains("gpt-oss") ? .string(level) : true
    }

    // MARK: Messages

    private func messages(_ messages: [ChatMessage]) throws -> JSONValue {
        var calls = CallLedger()
        return .array(
            try messages.flatMap { message -> [JSONValue] in
                guard message.role == .tool else { return [try self.message(message, &calls)] }
                return try message.parts.map { try self.result($0, calls) }
            }
        )
    }

    private func message(_ message: ChatMessage, _ calls: inout CallLedger) throws -> JSONValue {
        var content: [ContentPart] = []
        var thoughts: [String] = []
        var made: [JSONValue] = []
        for part in message.parts {
            switch part {
            // Reasoning that comes with a proof is another provider's.
            case .reasoning(let reasoning) where message.role == .assistant:
                if reasoning.signature == nil, reasoning.encrypted == nil { thoughts.append(reasoning.text) }
            case .toolCall(let call) where message.role == .assistant:
                made.append([
                    "id": .string(calls.begin(call)),
                    "function": ["name": .string(call.name), "arguments": try call.argumentsObject(for: self.name)],
                ])
            default: content.append(part)
            }
        }
        var value = try self.said(content, by: message.role.rawValue)
        if !thoughts.isEmpty { value["thinking"] = .string(thoughts.joined()) }
        if !made.isEmpty { value["tool_calls"] = .array(made) }
        return value
    }

    private func result(_ part: ContentPart, _ calls: CallLedger) throws -> JSONValue {
        guard case .toolResult(let result) = part else {
            throw BridgeError.unsupported("other content beside a tool's result", by: self.name)
        }
        var value = try self.said(result.parts, by: "tool")
        value["tool_name"] = calls.name(for: result).map { .string($0) }
        value["tool_call_id"] = .string(result.callID)
        return value
    }

    /// One text and a list of images: where an image stood among several texts cannot be said.
    private func said(_ parts: [ContentPart], by role: String) throws -> JSONValue {
        var texts: [String] = []
        var images: [JSONValue] = []
        for part in parts {
            switch part {
            case .text(let text): texts.append(text)
            case .image(let image):
                try image.refuseLowDetail(by: self.name)
                guard case .base64(let data) = image.source else {
                    throw BridgeError.unsupported("images by their address", by: self.name)
                }
                images.append(.string(data))
            case .file: throw BridgeError.unsupported("files", by: self.name)
            case .reasoning, .toolCall, .toolResult:
                throw BridgeError.unsupported("calls, results and reasoning within a \(role)'s message", by: self.name)
            }
        }
        var value: JSONValue = ["role": .string(role), "content": .string(texts.joined(separator: "\n"))]
        if !images.isEmpty { value["images"] = .array(images) }
        return value
    }

    // MARK: Tools

    private func tools(_ request: ChatRequest) throws -> JSONValue? {
        switch request.toolChoice {
        case nil, .auto: break
        case ToolChoice.none?: return nil  // a tool that it does not know it cannot call
        case .required, .tool: throw BridgeError.unsupported("a forced call (tool_choice)", by: self.name)
        }
        if request.tools.isEmpty { return nil }
        return .array(
            try request.tools.map { tool in
                if tool.isStrict == true { throw BridgeError.unsupported("strict tools", by: self.name) }
                var function: JSONValue = ["name": .string(tool.name)]
                function["description"] = tool.description.map { .string($0) }
                function["parameters"] = tool.parameters ?? ["type": "object", "properties": [:]]
                return ["type": "function", "function": function]
            }
        )
    }
}
