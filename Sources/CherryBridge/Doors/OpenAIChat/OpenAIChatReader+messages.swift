import CherryCore

extension OpenAIChatReader {
    static func messages(_ elements: [(path: String, value: JSONValue)]) throws -> [ChatMessage] {
        var messages: [ChatMessage] = []
        var names = CallNames()
        for (path, value) in elements {
            var object = try RequestObject(value, at: path)
            let role = try object.requiredString("role")
            object.pass("cache_control")
            switch role {
            case "system", "developer": messages.append(try Self.spoken(.system, &object))
            case "user": messages.append(try Self.spoken(.user, &object))
            case "assistant":
                let message = try Self.assistant(&object)
                for case .toolCall(let call) in message.parts { names.add(call) }
                messages.append(message)
            case "tool": messages.append(try Self.result(&object, names))
            case "function":
                throw BridgeError.notOffered(
                    "\(path).role",
                    "functions in the old form",
                    hint: "Use the role `tool` with a `tool_call_id`."
                )
            default: throw BridgeError.invalid("\(path).role", "must be system, developer, user, assistant or tool")
            }
        }
        return messages
    }

    private static func spoken(_ role: ChatMessage.Role, _ object: inout RequestObject) throws -> ChatMessage {
        let content = try object.required(object.value("content"), "content")
        let parts = try Self.content(content, at: object.path(of: "content"))
        try object.refuse("name", "names of speakers")
        try object.end()
        return ChatMessage(role, parts: parts)
    }

    private static func result(_ object: inout RequestObject, _ names: CallNames) throws -> ToolResult {
        let id = try object.requiredString("tool_call_id")
        let content = try object.required(object.value("content"), "content")
        let parts = try Self.content(content, at: object.path(of: "content"))
        let name = try object.string("name") ?? names[id]
        try object.end()
        return ToolResult(callID: id, name: name, parts: parts)
    }

    private static func assistant(_ object: inout RequestObject) throws -> ChatMessage {
        var parts = try Self.reasoning(&object)
        if let content = object.value("content") {
            let said = try Self.content(content, at: object.path(of: "content"))
            // An empty text is how some tools write that there is none beside the calls.
            parts += said.filter { $0 != .text("") }
        }
        if let refusal = try object.string("refusal"), !refusal.isEmpty { parts.append(.text(refusal)) }
        parts += try object.array("tool_calls")?.map(Self.call) ?? []
        try object.refuse("audio", "sound")
        try object.refuse("function_call", "functions in the old form, where `tool_calls` is the new one")
        try object.refuse("name", "names of speakers")
        object.pass("annotations")
        try object.end()
        return ChatMessage(.assistant, parts: parts.isEmpty ? [.text("")] : parts)
    }

    private static func call(_ path: String, _ value: JSONValue) throws -> ContentPart {
        var object = try RequestObject(value, at: path)
        guard try object.string("type") ?? "function" == "function" else {
            throw BridgeError.notOffered("\(path).type", "calls other than of functions")
        }
        var function = try object.required(try object.object("function"), "function")
        var call = ToolCall(
            id: try object.requiredString("id"),
            name: try function.requiredString("name"),
            arguments: try function.string("arguments") ?? ""
        )
        try function.end()
        object.pass("index")
        if var extra = try object.object("extra_content") {
            if var google = try extra.object("google") {
                call.signature = try google.string("thought_signature")
                try google.end()
            }
            try extra.end()
        }
        try object.end()
        return .toolCall(call)
    }

    // MARK: Content

    private static func content(_ value: JSONValue, at path: String) throws -> [ContentPart] {
        if let text = value.string { return [.text(text)] }
        guard let elements = value.array else { throw BridgeError.invalid(path, "must be a text or a list of parts") }
        return try RequestObject.numbered(elements, at: path).map(Self.part)
    }

    private static func part(_ path: String, _ value: JSONValue) throws -> ContentPart {
        var object = try RequestObject(value, at: path)
        object.pass("cache_control", "prompt_cache_breakpoint")
        let part: ContentPart
        switch try object.requiredString("type") {
        case "text":
            part = .text(try object.requiredString("text"))
            object.pass("annotations")
        case "refusal": part = .text(try object.requiredString("refusal"))
        case "image_url": part = .image(try Self.image(&object))
        case "file": part = .file(try Self.file(&object))
        case "input_audio": throw BridgeError.notOffered("\(path).type", "sound")
        default: throw BridgeError.invalid("\(path).type", "must be text, image_url or file")
        }
        try object.end()
        return part
    }

    private static func image(_ object: inout RequestObject) throws -> Media {
        var image = try object.required(try object.object("image_url"), "image_url")
        let (url, detail) = (try image.requiredString("url"), try image.string("detail"))
        try image.end()
        return try Media(url: url, detail: detail, at: image.path(of: "url"))
    }

    private static func file(_ object: inout RequestObject) throws -> Media {
        var file = try object.required(try object.object("file"), "file")
        let name = try file.string("filename")
        let (data, id) = (try file.string("file_data"), try file.string("file_id"))
        try file.end()
        switch (data, id) {
        case (let data?, nil):
            guard data.hasPrefix("data:") else { return Media(type: nil, source: .base64(data), name: name) }
            return try Media(url: data, name: name, at: file.path(of: "file_data"))
        case (nil, let id?): return Media(type: nil, source: .id(id), name: name)
        default: throw BridgeError.invalid(file.path, "must have either `file_data` or `file_id`")
        }
    }

    // MARK: Reasoning

    /// What an earlier answer thought, with its proofs where there are some.
    private static func reasoning(_ object: inout RequestObject) throws -> [ContentPart] {
        let (content, other) = (try object.string("reasoning_content"), try object.string("reasoning"))
        let text = content ?? other ?? ""
        let details = try object.array("reasoning_details") ?? []
        var rest = Substring(text).utf8
        var hasOwnTexts = false
        var parts: [ContentPart] = []
        for (path, value) in details {
            var detail = try RequestObject(value, at: path)
            detail.pass("type", "index", "format")
            var reasoning = Reasoning(text: "")
            reasoning.signature = try detail.string("signature")
            reasoning.encrypted = try detail.string("data")
            reasoning.id = try detail.string("id")
            let (own, summary) = (try detail.string("text"), try detail.string("summary"))
            let length = try detail.integer("length", from: 0)
            try detail.end()
            if let own = own ?? summary {
                reasoning.text = own
                hasOwnTexts = true
            } else if let length {
                guard length <= rest.count, let part = String(rest.prefix(length)) else {
                    throw BridgeError.invalid("\(path).length", "does not fit `reasoning_content`")
                }
                reasoning.text = part
                rest = rest.dropFirst(length)
            }
            parts.append(.reasoning(reasoning))
        }
        // Where each detail has a text of its own, the whole text repeats them.
        if !hasOwnTexts, !rest.isEmpty, let last = String(rest) { parts.append(.reasoning(Reasoning(text: last))) }
        return parts
    }
}
