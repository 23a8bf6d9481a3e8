import CherryCore

extension OpenAIResponsesDialect {
    /// The body of a request (OpenAI API reference, "Create a model response").
    func body(of request: ChatRequest) throws -> JSONValue {
        try self.refuse(request)
        var body = try self.question(of: request)
        var included: [JSONValue] = ["reasoning.encrypted_content"]
        body["stream"] = .bool(request.isStreamed)
        body["store"] = false
        body["temperature"] = request.temperature.map { .number($0) }
        body["top_p"] = request.topP.map { .number($0) }
        body["max_output_tokens"] = request.maxTokens.map { .integer(Int64($0)) }
        if let count = request.topLogProbabilities {
            included.append("message.output_text.logprobs")
            if count > 0 { body["top_logprobs"] = .integer(Int64(count)) }
        }
        body["include"] = .array(included)
        return body
    }

    /// What is read of a request: the part of the body that its tokens depend on.
    func question(of request: ChatRequest) throws -> JSONValue {
        var body: JSONValue = [
            "model": .string(request.model), "input": .array(try request.messages.flatMap(self.items)),
        ]
        if let effort = request.reasoning {
            guard let word = OpenAIResponsesForm.effort(effort) else {
                throw BridgeError.unsupported("a number of reasoning tokens", by: self.name)
            }
            body["reasoning"] = ["effort": .string(word)]
            if effort != ReasoningEffort.none { body["reasoning", default: [:]]["summary"] = "auto" }
        }
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(OpenAIResponsesForm.tool)) }
        body["tool_choice"] = request.toolChoice.map(OpenAIResponsesForm.choice)
        body["parallel_tool_calls"] = request.allowsParallelCalls.map { .bool($0) }
        if let format = request.format { body["text"] = ["format": OpenAIResponsesForm.format(format)] }
        return body
    }

    /// The API has no fields for these.
    private func refuse(_ request: ChatRequest) throws {
        let wishes: [(String, Bool)] = [
            ("top_k", request.topK != nil), ("stop texts", !request.stop.isEmpty), ("a seed", request.seed != nil),
            ("a frequency penalty", request.frequencyPenalty != nil),
            ("a presence penalty", request.presencePenalty != nil),
        ]
        for (wish, isMade) in wishes where isMade { throw BridgeError.unsupported(wish, by: self.name) }
    }

    // MARK: Items

    private func items(_ message: ChatMessage) throws -> [JSONValue] {
        switch message.role {
        case .system, .user:
            return [
                [
                    "type": "message", "role": .string(message.role.rawValue),
                    "content": try self.content(message.parts),
                ]
            ]
        case .tool: return try message.parts.map(self.result)
        case .assistant: return try self.assistant(message.parts)
        }
    }

    /// What an assistant thought, said and called, each an item, in order; texts that follow each other are one.
    private func assistant(_ parts: [ContentPart]) throws -> [JSONValue] {
        var items: [JSONValue] = []
        var said: [JSONValue] = []
        func endText() {
            guard !said.isEmpty else { return }
            items.append(["type": "message", "role": "assistant", "content": .array(said)])
            said = []
        }
        for part in parts {
            switch part {
            case .text(let text): said.append(["type": "output_text", "text": .string(text)])
            case .reasoning(let reasoning):
                // Without what OpenAI itself encrypted, its models cannot take it back.
                guard let encrypted = reasoning.encrypted, let id = reasoning.id else { continue }
                endText()
                let summary: [JSONValue] =
                    reasoning.text.isEmpty ? [] : [["type": "summary_text", "text": .string(reasoning.text)]]
                items.append([
                    "type": "reasoning", "id": .string(id), "summary": .array(summary),
                    "encrypted_content": .string(encrypted),
                ])
            case .toolCall(let call):
                endText()
                items.append([
                    "type": "function_call", "call_id": .string(call.id), "name": .string(call.name),
                    "arguments": .string(call.arguments),
                ])
            case .image, .file, .toolResult:
                throw BridgeError.unsupported("images, files and results in an assistant's message", by: self.name)
            }
        }
        endText()
        return items
    }

    private func result(_ part: ContentPart) throws -> JSONValue {
        guard case .toolResult(let result) = part else {
            throw BridgeError.unsupported("other content beside a tool's result", by: self.name)
        }
        return [
            "type": "function_call_output", "call_id": .string(result.callID),
            "output": try self.content(result.parts),
        ]
    }

    private func content(_ parts: [ContentPart]) throws -> JSONValue {
        if parts.count == 1, case .text(let text) = parts[0] { return .string(text) }
        return .array(try parts.map(self.part))
    }

    private func part(_ part: ContentPart) throws -> JSONValue {
        switch part {
        case .text(let text): return ["type": "input_text", "text": .string(text)]
        case .image(let image):
            var value: JSONValue = ["type": "input_image", "detail": .string(image.detail ?? "auto")]
            switch image.source {
            case .id(let id): value["file_id"] = .string(id)
            case .url, .base64: value["image_url"] = .string(try self.address(of: image))
            }
            return value
        case .file(let file):
            var value: JSONValue = ["type": "input_file"]
            value["filename"] = file.name.map { .string($0) }
            switch file.source {
            case .id(let id): value["file_id"] = .string(id)
            case .url(let url): value["file_url"] = .string(url)
            case .base64: value["file_data"] = .string(try self.address(of: file))
            }
            return value
        case .reasoning, .toolCall, .toolResult:
            throw BridgeError.unsupported("calls and reasoning within a message of text", by: self.name)
        }
    }

    private func address(of media: Media) throws -> String { try OpenAIChatDialect().address(of: media) }
}
