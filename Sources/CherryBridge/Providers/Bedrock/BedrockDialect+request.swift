import CherryCore

extension BedrockDialect {
    /// The body of a request (Amazon Bedrock API reference, "Converse" and "ConverseStream").
    ///
    /// Messages of one speaker in a row become one, and results of calls come first in theirs. All system messages stand
    /// before the conversation, in their order.
    func body(of request: ChatRequest) throws -> JSONValue {
        try request.refuseSeedPenaltiesAndProbabilities(by: self.name)
        try request.refuseSingleCalls(by: self.name)
        try request.refuseHighTemperature(by: self.name)
        var settings = BedrockModelSettings()
        try settings.add(request, by: self.name)
        var body: JSONValue = ["messages": try self.messages(request.messages)]
        let system = try request.messages.filter { $0.role == .system }.flatMap { try self.system($0) }
        if !system.isEmpty { body["system"] = .array(system) }
        var inference: JSONValue = [:]
        inference["maxTokens"] = (settings.maxTokens ?? request.maxTokens).map { .integer(Int64($0)) }
        inference["temperature"] = request.temperature.map { .number($0) }
        inference["topP"] = request.topP.map { .number($0) }
        if !request.stop.isEmpty { inference["stopSequences"] = .array(request.stop.map { .string($0) }) }
        if inference != [:] { body["inferenceConfig"] = inference }
        body["toolConfig"] = try self.tools(request)
        if settings.fields != [:] { body["additionalModelRequestFields"] = settings.fields }
        body["outputConfig"] = try self.output(request.format, effort: settings.effort)
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
        var calls = CallLedger(form: .init(punctuation: Array("_.:-".utf8), longest: 64))
        var media = BedrockMedia(provider: self.name)
        for message in messages {
            switch message.role {
            case .system: continue
            case .user: turns.add("user", try message.parts.compactMap { try self.content($0, &media) })
            case .assistant: turns.add("assistant", try message.parts.compactMap { try self.said($0, &calls) })
            case .tool: turns.add("user", try message.parts.map { try self.result($0, calls, &media) })
            }
        }
        turns.putFirst { $0["toolResult"] != nil }
        return turns.value(partsUnder: "content")
    }

    private func said(_ part: ContentPart, _ calls: inout CallLedger) throws -> JSONValue? {
        switch part {
        case .text(let text): return Self.text(text)
        case .reasoning(let reasoning): return Self.thought(reasoning)
        case .toolCall(let call):
            return [
                "toolUse": [
                    "toolUseId": .string(calls.begin(call)), "name": .string(call.name),
                    "input": try call.argumentsObject(for: self.name),
                ]
            ]
        case .image, .file, .toolResult:
            throw BridgeError.unsupported("images, files and results within an assistant's message", by: self.name)
        }
    }

    /// Reasoning without a proof is given back to nobody: models that sign theirs refuse it.
    private static func thought(_ reasoning: Reasoning) -> JSONValue? {
        if let signature = reasoning.signature {
            return [
                "reasoningContent": [
                    "reasoningText": ["text": .string(reasoning.text), "signature": .string(signature)]
                ]
            ]
        }
        // Reasoning with an id is that of another API.
        guard let data = reasoning.encrypted, reasoning.id == nil else { return nil }
        return ["reasoningContent": ["redactedContent": .string(data)]]
    }

    private func result(_ part: ContentPart, _ calls: CallLedger, _ media: inout BedrockMedia) throws -> JSONValue {
        guard case .toolResult(let result) = part else {
            throw BridgeError.unsupported("other content beside a tool's result", by: self.name)
        }
        var value: JSONValue = ["toolUseId": .string(calls.id(for: result))]
        value["content"] = .array(try result.parts.compactMap { try self.content($0, &media) })
        value["status"] = result.isError ? "error" : "success"
        return ["toolResult": value]
    }

    /// The API refuses texts without text.
    private static func text(_ text: String) -> JSONValue? { text.isEmpty ? nil : ["text": .string(text)] }

    private func content(_ part: ContentPart, _ media: inout BedrockMedia) throws -> JSONValue? {
        switch part {
        case .text(let text): return Self.text(text)
        case .image(let image): return ["image": try media.image(image)]
        case .file(let file): return ["document": try media.document(file)]
        case .reasoning, .toolCall, .toolResult:
            throw BridgeError.unsupported("calls, results and reasoning within a user's message", by: self.name)
        }
    }

    // MARK: Tools and format

    /// The API cannot be told to leave tools alone; without calls in the conversation it need not know them.
    private func tools(_ request: ChatRequest) throws -> JSONValue? {
        let hasCalls = request.messages.contains { message in
            message.parts.contains { part in
                switch part {
                case .toolCall, .toolResult: true
                default: false
                }
            }
        }
        if request.toolChoice == ToolChoice.none {
            if hasCalls { throw BridgeError.unsupported("tool_choice: none after calls", by: self.name) }
            return nil
        }
        if request.tools.isEmpty {
            if hasCalls { throw BridgeError.unsupported("calls without the tools that they are of", by: self.name) }
            guard request.toolChoice == nil || request.toolChoice == .auto else {
                throw BridgeError.unsupported("a choice among no tools", by: self.name)
            }
            return nil
        }
        var value: JSONValue = ["tools": .array(request.tools.map(self.tool))]
        switch request.toolChoice {
        case nil, ToolChoice.none?: break
        case .auto: value["toolChoice"] = ["auto": [:]]
        case .required: value["toolChoice"] = ["any": [:]]
        case .tool(let name): value["toolChoice"] = ["tool": ["name": .string(name)]]
        }
        return value
    }

    private func tool(_ tool: ToolDefinition) -> JSONValue {
        var value: JSONValue = ["name": .string(tool.name)]
        if let description = tool.description, !description.isEmpty { value["description"] = .string(description) }
        value["inputSchema"] = ["json": tool.parameters ?? ["type": "object", "properties": [:]]]
        value["strict"] = tool.isStrict.map { .bool($0) }
        return ["toolSpec": value]
    }

    private func output(_ format: ResponseFormat?, effort: String?) throws -> JSONValue? {
        var value: JSONValue = [:]
        value["effort"] = effort.map { .string($0) }
        switch format {
        case nil: break
        case .json: throw BridgeError.unsupported("JSON without a schema", by: self.name)
        case .schema(let name, let schema, _, let description):
            // The schema is a text here.
            var definition: JSONValue = ["name": .string(name), "schema": .string(schema.text)]
            definition["description"] = description.map { .string($0) }
            value["textFormat"] = ["type": "json_schema", "structure": ["jsonSchema": definition]]
        }
        return value == [:] ? nil : value
    }
}
