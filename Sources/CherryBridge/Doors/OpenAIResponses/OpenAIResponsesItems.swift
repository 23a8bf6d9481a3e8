import CherryCore

/// Reads the items of a conversation in the Responses API.
enum OpenAIResponsesItems {
    static func messages(_ input: JSONValue) throws -> [ChatMessage] {
        if let text = input.string { return [ChatMessage(.user, text)] }
        guard let items = input.array else { throw BridgeError.invalid("input", "must be a text or a list of items") }
        var messages: [ChatMessage] = []
        var names = CallNames()
        for (path, value) in RequestObject.numbered(items, at: "input") {
            var object = try RequestObject(value, at: path)
            object.pass("id", "status")
            switch try object.string("type") ?? "message" {
            case "message": try Self.readMessage(&object, into: &messages)
            case "function_call":
                let call = try Self.call(&object)
                names.add(call)
                messages.appendOfAssistant([.toolCall(call)])
            case "function_call_output": messages.append(try Self.result(&object, names))
            case "reasoning": try Self.readReasoning(&object, value["id"]?.string, into: &messages)
            case "item_reference":
                throw BridgeError.notOffered(
                    "\(path).type",
                    "references to stored items",
                    hint: "Send the item itself: nothing is stored."
                )
            default: throw BridgeError.notOffered("\(path).type", "items of this type")
            }
            try object.end()
        }
        return messages
    }

    private static func readMessage(_ object: inout RequestObject, into messages: inout [ChatMessage]) throws {
        let role = try object.requiredString("role")
        let content = try object.required(object.value("content"), "content")
        let parts = try Self.content(content, at: object.path(of: "content"))
        switch role {
        case "user": messages.append(ChatMessage(.user, parts: parts))
        case "system", "developer": messages.append(ChatMessage(.system, parts: parts))
        case "assistant":
            object.pass("phase")
            messages.appendOfAssistant(parts)
        default: throw BridgeError.invalid(object.path(of: "role"), "must be user, assistant, system or developer")
        }
    }

    private static func call(_ object: inout RequestObject) throws -> ToolCall {
        try object.refuse("caller", "calls by code at the provider") { $0["type"] == "direct" }
        try object.refuse("namespace", "sets of tools")
        try object.refuse("async", "calls that are not waited for") { $0 == false }
        return ToolCall(
            id: try object.requiredString("call_id"),
            name: try object.requiredString("name"),
            arguments: try object.requiredString("arguments")
        )
    }

    private static func result(_ object: inout RequestObject, _ names: CallNames) throws -> ToolResult {
        try object.refuse("caller", "calls by code at the provider") { $0["type"] == "direct" }
        try object.refuse("namespace", "sets of tools")
        let id = try object.requiredString("call_id")
        let output = try object.required(object.value("output"), "output")
        return ToolResult(
            callID: id,
            name: try object.string("name") ?? names[id],
            parts: try Self.content(output, at: object.path(of: "output"))
        )
    }

    private static func readReasoning(
        _ object: inout RequestObject,
        _ id: String?,
        into messages: inout [ChatMessage]
    ) throws {
        let summary = try Self.texts(&object, "summary")
        let content = try Self.texts(&object, "content")
        let text = content.isEmpty ? summary : content
        guard let encrypted = try object.string("encrypted_content") else {
            if !text.isEmpty { messages.appendOfAssistant([.reasoning(Reasoning(text: text))]) }
            return
        }
        switch ProofText.read(encrypted) {
        case .plain(let encrypted):
            messages.appendOfAssistant([.reasoning(Reasoning(text: text, encrypted: encrypted, id: id))])
        case .reasoning(var reasoning):
            reasoning.text = text
            messages.appendOfAssistant([.reasoning(reasoning)])
        case .call(let proof):
            if let last = messages.indices.last { messages[last].parts.apply(proof) }
        }
    }

    private static func texts(_ object: inout RequestObject, _ key: String) throws -> String {
        try (object.array(key) ?? []).map { path, value in
            var part = try RequestObject(value, at: path)
            part.pass("type")
            let text = try part.requiredString("text")
            try part.end()
            return text
        }.joined(separator: "\n\n")
    }

    // MARK: Content

    private static func content(_ value: JSONValue, at path: String) throws -> [ContentPart] {
        if let text = value.string { return [.text(text)] }
        guard let parts = value.array else { throw BridgeError.invalid(path, "must be a text or a list of parts") }
        return try RequestObject.numbered(parts, at: path).map(Self.part)
    }

    private static func part(_ path: String, _ value: JSONValue) throws -> ContentPart {
        var object = try RequestObject(value, at: path)
        object.pass("prompt_cache_breakpoint")
        let part: ContentPart
        switch try object.requiredString("type") {
        case "input_text", "text": part = .text(try object.requiredString("text"))
        case "output_text":
            part = .text(try object.requiredString("text"))
            object.pass("annotations", "logprobs")
        case "refusal": part = .text(try object.requiredString("refusal"))
        case "input_image": part = .image(try Self.image(&object))
        case "input_file": part = .file(try Self.file(&object))
        case "input_audio": throw BridgeError.notOffered("\(path).type", "sound")
        default: throw BridgeError.invalid("\(path).type", "must be input_text, input_image, input_file or output_text")
        }
        try object.end()
        return part
    }

    private static func image(_ object: inout RequestObject) throws -> Media {
        // The API demands the field, so `auto` says nothing.
        let detail = try object.string("detail").flatMap { $0 == "auto" ? nil : $0 }
        switch (try object.string("image_url"), try object.string("file_id")) {
        case (let url?, nil): return try Media(url: url, detail: detail, at: object.path(of: "image_url"))
        case (nil, let id?): return Media(type: nil, source: .id(id), detail: detail)
        default: throw BridgeError.invalid(object.path, "must have either `image_url` or `file_id`")
        }
    }

    private static func file(_ object: inout RequestObject) throws -> Media {
        let (name, detail) = (try object.string("filename"), try object.string("detail"))
        let sources = (try object.string("file_data"), try object.string("file_url"), try object.string("file_id"))
        switch sources {
        case (let data?, nil, nil):
            guard data.hasPrefix("data:") else {
                return Media(type: nil, source: .base64(data), name: name, detail: detail)
            }
            return try Media(url: data, name: name, detail: detail, at: object.path(of: "file_data"))
        case (nil, let url?, nil):
            return try Media(url: url, name: name, detail: detail, at: object.path(of: "file_url"))
        case (nil, nil, let id?): return Media(type: nil, source: .id(id), name: name, detail: detail)
        default:
            throw BridgeError.invalid(object.path, "must have one of `file_data`, `file_url` and `file_id`")
        }
    }
}

extension [ChatMessage] {
    /// Adds what an assistant thought, said or called; what follows each other is one message.
    fileprivate mutating func appendOfAssistant(_ parts: [ContentPart]) {
        if let last = self.indices.last, self[last].role == .assistant {
            self[last].parts += parts
        } else {
            self.append(ChatMessage(.assistant, parts: parts))
        }
    }
}
