import CherryCore

extension GeminiDialect {
    /// Stands in for the signature of a call that no Gemini model made: models from version 3 on refuse a call without
    /// any (Gemini API documentation, "Thought signatures").
    static let foreignSignature = "skip_thought_signature_validator"

    /// The body of a request (Gemini API reference, "generateContent").
    ///
    /// Messages of one speaker in a row become one. All system messages stand before the conversation, in their order.
    func body(of request: ChatRequest) throws -> JSONValue {
        try request.refuseSingleCalls(by: self.name)
        var body: JSONValue = ["contents": try self.contents(request)]
        let system = try request.messages.filter { $0.role == .system }.flatMap { try self.system($0) }
        if !system.isEmpty { body["systemInstruction"] = ["parts": .array(system)] }
        if !request.tools.isEmpty {
            body["tools"] = [["functionDeclarations": .array(request.tools.map(self.declaration))]]
        }
        if let calling = self.calling(request) { body["toolConfig"] = ["functionCallingConfig": calling] }
        let settings = self.settings(request)
        if settings != [:] { body["generationConfig"] = settings }
        return body
    }

    // MARK: Messages

    private func system(_ message: ChatMessage) throws -> [JSONValue] {
        try message.parts.map { part in
            guard case .text(let text) = part else {
                throw BridgeError.unsupported("other content than text in a system message", by: self.name)
            }
            return ["text": .string(text)]
        }
    }

    private func contents(_ request: ChatRequest) throws -> JSONValue {
        var turns = WireTurns()
        var calls = CallLedger()
        for message in request.messages {
            switch message.role {
            case .system: continue
            case .user: turns.add("user", try message.parts.map(self.content))
            case .assistant: turns.add("model", try self.said(message, by: request.model, &calls))
            case .tool: turns.add("user", try message.parts.map { try self.result($0, calls) })
            }
        }
        return turns.value(partsUnder: "parts")
    }

    /// A signature goes back on the part that it came with: on a call, or on the text after the thought. The thought
    /// itself is only a summary, which the model does not want back.
    private func said(_ message: ChatMessage, by model: String, _ calls: inout CallLedger) throws -> [JSONValue] {
        var parts: [JSONValue] = []
        var signature: String?
        var firstCall: Int?
        var isSigned = false
        for part in message.parts {
            switch part {
            case .reasoning(let reasoning): signature = reasoning.signature ?? signature
            case .text(let text):
                var value: JSONValue = ["text": .string(text)]
                value["thoughtSignature"] = signature.map { .string($0) }
                signature = nil
                parts.append(value)
            case .toolCall(let call):
                var value: JSONValue = [
                    "functionCall": [
                        "id": .string(calls.begin(call)), "name": .string(call.name),
                        "args": try call.argumentsObject(for: self.name),
                    ]
                ]
                value["thoughtSignature"] = call.signature.map { .string($0) }
                isSigned = isSigned || call.signature != nil
                firstCall = firstCall ?? parts.count
                parts.append(value)
            case .image, .file, .toolResult:
                throw BridgeError.unsupported("images, files and results within an assistant's message", by: self.name)
            }
        }
        if let signature { parts.append(["text": "", "thoughtSignature": .string(signature)]) }
        if let firstCall, !isSigned, Self.isLate(model) {
            parts[firstCall]["thoughtSignature"] = .string(Self.foreignSignature)
        }
        return parts
    }

    private func result(_ part: ContentPart, _ calls: CallLedger) throws -> JSONValue {
        guard case .toolResult(let result) = part else {
            throw BridgeError.unsupported("other content beside a tool's result", by: self.name)
        }
        guard let name = calls.name(for: result) else {
            throw BridgeError.unsupported("a result of a call that is not in the conversation", by: self.name)
        }
        var texts: [String] = []
        var media: [JSONValue] = []
        for part in result.parts {
            if case .text(let text) = part { texts.append(text) } else { media.append(try self.content(part)) }
        }
        var response: JSONValue = [
            "id": .string(calls.id(for: result)), "name": .string(name),
            "response": [result.isError ? "error" : "output": .string(texts.joined(separator: "\n"))],
        ]
        if !media.isEmpty { response["parts"] = .array(media) }
        return ["functionResponse": response]
    }

    private func content(_ part: ContentPart) throws -> JSONValue {
        switch part {
        case .text(let text): return ["text": .string(text)]
        case .image(let media):
            try media.refuseLowDetail(by: self.name)
            return try self.data(media)
        case .file(let media): return try self.data(media)
        case .reasoning, .toolCall, .toolResult:
            throw BridgeError.unsupported("calls, results and reasoning within a user's message", by: self.name)
        }
    }

    private func data(_ media: Media) throws -> JSONValue {
        switch media.source {
        case .base64(let data):
            guard let type = media.type else {
                throw BridgeError.unsupported("images and files of no type", by: self.name)
            }
            return ["inlineData": ["mimeType": .string(type), "data": .string(data)]]
        case .url(let address), .id(let address):
            var value: JSONValue = ["fileUri": .string(address)]
            value["mimeType"] = media.type.map { .string($0) }
            return ["fileData": value]
        }
    }

    // MARK: Tools

    private func declaration(_ tool: ToolDefinition) -> JSONValue {
        var value: JSONValue = ["name": .string(tool.name)]
        value["description"] = tool.description.map { .string($0) }
        value["parametersJsonSchema"] = tool.parameters
        return value
    }

    /// `VALIDATED` is `AUTO` with arguments held to their schema, which `ANY` does by itself.
    private func calling(_ request: ChatRequest) -> JSONValue? {
        let isStrict = request.tools.contains { $0.isStrict == true }
        switch request.toolChoice {
        case nil: return isStrict ? ["mode": "VALIDATED"] : nil
        case .auto: return ["mode": isStrict ? "VALIDATED" : "AUTO"]
        case ToolChoice.none?: return ["mode": "NONE"]
        case .required: return ["mode": "ANY"]
        case .tool(let name): return ["mode": "ANY", "allowedFunctionNames": [.string(name)]]
        }
    }

    // MARK: Settings

    private func settings(_ request: ChatRequest) -> JSONValue {
        var value: JSONValue = [:]
        value["temperature"] = request.temperature.map { .number($0) }
        value["topP"] = request.topP.map { .number($0) }
        value["topK"] = request.topK.map { .integer(Int64($0)) }
        value["maxOutputTokens"] = request.maxTokens.map { .integer(Int64($0)) }
        if !request.stop.isEmpty { value["stopSequences"] = .array(request.stop.map { .string($0) }) }
        value["seed"] = request.seed.map { .integer(Int64($0)) }
        value["frequencyPenalty"] = request.frequencyPenalty.map { .number($0) }
        value["presencePenalty"] = request.presencePenalty.map { .number($0) }
        if let count = request.topLogProbabilities {
            value["responseLogprobs"] = true
            if count > 0 { value["logprobs"] = .integer(Int64(count)) }
        }
        value["thinkingConfig"] = request.reasoning.map { Self.thinking($0, by: request.model) }
        switch request.format {
        case nil: break
        case .json: value["responseMimeType"] = "application/json"
        case .schema(_, let schema, _, let description):
            value["responseMimeType"] = "application/json"
            value["responseJsonSchema"] = ResponseFormat.described(schema, description)
        }
        return value
    }

    /// Models before version 3 take a number of tokens, later ones a level.
    private static func thinking(_ effort: ReasoningEffort, by model: String) -> JSONValue {
        switch effort {
        case .none: return ["thinkingBudget": 0]
        case .minimal where self.isLate(model):
            return ["thinkingLevel": "minimal", "includeThoughts": true]
        case .tokens, .minimal, .low, .medium, .high:
            if let level = effort.level, self.isLate(model) {
                return ["thinkingLevel": .string(level), "includeThoughts": true]
            }
            return ["thinkingBudget": .integer(Int64(effort.budget)), "includeThoughts": true]
        }
    }

    /// Whether a model is of version 3 or later.
    private static func isLate(_ model: String) -> Bool {
        !["gemini-1", "gemini-2"].contains { model.contains($0) }
    }
}
