import CherryCore
import Foundation

extension AnthropicReader {
    static func messages(_ elements: [(path: String, value: JSONValue)]) throws -> [ChatMessage] {
        var messages: [ChatMessage] = []
        var names = CallNames()
        for (path, value) in elements {
            var object = try RequestObject(value, at: path)
            let role = try object.requiredString("role")
            let content = try object.required(object.value("content"), "content")
            let place = object.path(of: "content")
            try object.end()
            switch role {
            case "user": try Self.readUser(content, at: place, names, into: &messages)
            case "assistant":
                let message = try Self.assistant(content, at: place)
                for case .toolCall(let call) in message.parts { names.add(call) }
                if !message.parts.isEmpty { messages.append(message) }
            case "system":
                let parts = try Self.parts(content, at: place, of: "text") { try Self.text($0, &$1) }
                messages.append(ChatMessage(.system, parts: parts))
            default: throw BridgeError.invalid("\(path).role", "must be user or assistant")
            }
        }
        return messages
    }

    /// One message of theirs is several of ours when it carries results beside what the user says.
    private static func readUser(
        _ content: JSONValue,
        at path: String,
        _ names: CallNames,
        into messages: inout [ChatMessage]
    ) throws {
        var isFirst = true
        for part in try Self.parts(content, at: path, of: "text, image, document or tool_result", Self.userPart) {
            if case .toolResult(var result) = part {
                result.name = names[result.callID]
                if isFirst { messages.append(ChatMessage(.tool, parts: [])) }
                messages.append(result)
            } else if !isFirst, messages.last?.role == .user {
                messages[messages.count - 1].parts.append(part)
            } else {
                messages.append(ChatMessage(.user, parts: [part]))
            }
            isFirst = false
        }
    }

    private static func assistant(_ content: JSONValue, at path: String) throws -> ChatMessage {
        var proofs: [ProofText.CallProof] = []
        var parts: [ContentPart] = []
        for part in try Self.parts(
            content,
            at: path,
            of: "text, thinking, redacted_thinking or tool_use",
            Self.assistantPart
        ) {
            if case .reasoning(let reasoning) = part, reasoning.text.isEmpty, let text = reasoning.encrypted,
                case .call(let proof) = ProofText.read(text)
            {
                proofs.append(proof)
            } else {
                parts.append(part)
            }
        }
        for proof in proofs { parts.apply(proof) }
        return ChatMessage(.assistant, parts: parts)
    }

    // MARK: Blocks

    /// Content as a text or as a list of blocks, each of which `read` knows by its type or gives `nil` for.
    ///
    /// - Parameter kinds: the types that may stand here, for the error.
    static func parts(
        _ value: JSONValue,
        at path: String,
        of kinds: String,
        _ read: (String, inout RequestObject) throws -> ContentPart?
    ) throws -> [ContentPart] {
        if let text = value.string { return [.text(text)] }
        guard let blocks = value.array else { throw BridgeError.invalid(path, "must be a text or a list of blocks") }
        return try RequestObject.numbered(blocks, at: path).map { path, block in
            var object = try RequestObject(block, at: path)
            let type = try object.requiredString("type")
            object.pass("cache_control")
            guard let part = try read(type, &object) else { throw Self.foreign(type, at: "\(path).type", kinds) }
            try object.end()
            return part
        }
    }

    private static func foreign(_ type: String, at path: String, _ kinds: String) -> BridgeError {
        let isOfServerTool = type == "server_tool_use" || type.hasSuffix("_tool_result")
        if isOfServerTool { return .notOffered(path, "what tools of Anthropic's own did") }
        switch type {
        case "search_result": return .notOffered(path, "search results as blocks")
        case "container_upload": return .notOffered(path, "containers")
        case "tool_reference": return .notOffered(path, "tools that are loaded later")
        default: return .invalid(path, "must be \(kinds)")
        }
    }

    static func text(_ type: String, _ object: inout RequestObject) throws -> ContentPart? {
        guard type == "text" else { return nil }
        try object.refuse("citations", "citations") { $0 == [] }
        return .text(try object.requiredString("text"))
    }

    private static func userPart(_ type: String, _ object: inout RequestObject) throws -> ContentPart? {
        guard type == "tool_result" else { return try Self.spokenPart(type, &object) }
        let id = try object.requiredString("tool_use_id")
        let place = object.path(of: "content")
        let parts = try object.value("content").map {
            try Self.parts($0, at: place, of: "text, image or document", Self.spokenPart)
        }
        let isError = try object.bool("is_error") ?? false
        try object.refuse("toolset_name", "sets of tools")
        return .toolResult(ToolResult(callID: id, parts: parts ?? [], isError: isError))
    }

    private static func spokenPart(_ type: String, _ object: inout RequestObject) throws -> ContentPart? {
        switch type {
        case "text": return try Self.text(type, &object)
        case "image":
            try object.refuse("transformations", "changes to images")
            return .image(try Self.media(&object, name: nil, urlType: nil))
        case "document":
            try object.refuse("citations", "citations") { $0["enabled"] != true }
            try object.refuse("context", "words about a document beside it")
            let name = try object.string("title")
            return .file(try Self.media(&object, name: name, urlType: "application/pdf"))
        default: return nil
        }
    }

    private static func media(_ object: inout RequestObject, name: String?, urlType: String?) throws -> Media {
        var source = try object.required(try object.object("source"), "source")
        let media: Media
        switch try source.requiredString("type") {
        case "base64":
            media = Media(
                type: try source.requiredString("media_type"),
                source: .base64(try source.requiredString("data")),
                name: name
            )
        case "text":
            let data = Data(try source.requiredString("data").utf8)
            media = Media(
                type: try source.string("media_type") ?? "text/plain",
                source: .base64(data.base64EncodedString()),
                name: name
            )
        case "url": media = Media(type: urlType, source: .url(try source.requiredString("url")), name: name)
        case "file": media = Media(type: nil, source: .id(try source.requiredString("file_id")), name: name)
        case "content": throw BridgeError.notOffered(source.path(of: "type"), "documents made of blocks")
        default: throw BridgeError.invalid(source.path(of: "type"), "must be base64, url, file or text")
        }
        try source.end()
        return media
    }

    private static func assistantPart(_ type: String, _ object: inout RequestObject) throws -> ContentPart? {
        switch type {
        case "text": return try Self.text(type, &object)
        case "thinking":
            let text = try object.requiredString("thinking")
            guard let signature = try object.string("signature"), !signature.isEmpty else {
                return .reasoning(Reasoning(text: text))
            }
            guard case .reasoning(var reasoning) = ProofText.read(signature) else {
                return .reasoning(Reasoning(text: text, signature: signature))
            }
            reasoning.text = text
            return .reasoning(reasoning)
        case "redacted_thinking":
            let data = try object.requiredString("data")
            guard case .reasoning(let reasoning) = ProofText.read(data) else {
                return .reasoning(Reasoning(text: "", encrypted: data))
            }
            return .reasoning(reasoning)
        case "tool_use":
            let input = try object.required(object.value("input"), "input")
            try object.refuse("caller", "calls by code at the provider") { $0["type"] == "direct" }
            try object.refuse("toolset_name", "sets of tools")
            return .toolCall(
                ToolCall(
                    id: try object.requiredString("id"),
                    name: try object.requiredString("name"),
                    arguments: input.text
                )
            )
        default: return nil
        }
    }
}
