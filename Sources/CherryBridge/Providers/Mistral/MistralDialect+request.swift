import CherryCore

extension MistralDialect {
    /// The body of a request: OpenAI's, with what is called or written otherwise here.
    func body(of request: ChatRequest) throws -> JSONValue {
        var plain = request
        plain.messages = []
        plain.topK = nil
        var body = try self.openAI.body(of: plain)
        body["messages"] = .array(try self.messages(request.messages))
        // Usage is part of every stream here, and the field is not known.
        body["stream_options"] = nil
        body["seed"] = nil
        body["random_seed"] = request.seed.map { .integer(Int64($0)) }
        body["top_k"] = request.topK.map { .integer(Int64($0)) }
        if request.toolChoice == .required { body["tool_choice"] = "any" }
        if !request.tools.isEmpty {
            body["tools"] = .array((body["tools"]?.array ?? []).map(Self.withParameters))
        }
        return body
    }

    /// A schema must be there, if only one without members.
    private static func withParameters(_ tool: JSONValue) -> JSONValue {
        guard tool["function"]?["parameters"] == nil else { return tool }
        var tool = tool
        tool["function", default: [:]]["parameters"] = ["type": "object", "properties": [:]]
        return tool
    }

    private func messages(_ messages: [ChatMessage]) throws -> [JSONValue] {
        var values = try messages.flatMap(self.message)
        // The beginning of an answer that the model is to go on with must be called so.
        if messages.last?.role == .assistant { values[values.count - 1]["prefix"] = true }
        return values
    }

    private func message(_ message: ChatMessage) throws -> [JSONValue] {
        switch message.role {
        case .tool: return try message.parts.map(self.result)
        case .assistant: return [try self.assistant(message)]
        case .system, .user:
            return [["role": .string(message.role.rawValue), "content": try self.content(message.parts)]]
        }
    }

    private func assistant(_ message: ChatMessage) throws -> JSONValue {
        var calls: [JSONValue] = []
        var said: [ContentPart] = []
        for part in message.parts {
            if case .toolCall(var call) = part {
                call.id = Self.shortID(call.id)
                calls.append(OpenAIChatDialect.call(call))
            } else {
                said.append(part)
            }
        }
        var value: JSONValue = ["role": "assistant"]
        value["content"] = said.isEmpty ? "" : try self.content(said)
        if !calls.isEmpty { value["tool_calls"] = .array(calls) }
        return value
    }

    private func result(_ part: ContentPart) throws -> JSONValue {
        guard case .toolResult(let result) = part else {
            throw BridgeError.unsupported("other content beside a tool's result", by: self.name)
        }
        var value: JSONValue = [
            "role": "tool", "tool_call_id": .string(Self.shortID(result.callID)),
            "content": try self.content(result.parts),
        ]
        value["name"] = result.name.map { .string($0) }
        return value
    }

    private func content(_ parts: [ContentPart]) throws -> JSONValue {
        if parts.count == 1, case .text(let text) = parts[0] { return .string(text) }
        return .array(try parts.compactMap(self.chunk))
    }

    /// `nil` for reasoning that only another provider can read.
    private func chunk(_ part: ContentPart) throws -> JSONValue? {
        switch part {
        case .reasoning(let reasoning):
            guard !reasoning.text.isEmpty else { return nil }
            return [
                "type": "thinking", "thinking": [["type": "text", "text": .string(reasoning.text)]], "closed": true,
            ]
        case .file(let file):
            if case .id(let id) = file.source { return ["type": "file", "file_id": .string(id)] }
            var value: JSONValue = ["type": "document_url", "document_url": .string(try self.openAI.address(of: file))]
            value["document_name"] = file.name.map { .string($0) }
            return value
        default: return try self.openAI.part(part)
        }
    }

    /// The id of a call as this API takes it: nine letters and digits.
    ///
    /// Its own ids are so and stay. Others, from an answer of another provider, become the same nine each time, so that
    /// a result finds its call. Answers come with this API's own ids, so nothing has to be turned back.
    static func shortID(_ id: String) -> String {
        let isShort = id.utf8.count == 9 && id.unicodeScalars.allSatisfy { $0.isASCII && $0.properties.isAlphanumeric }
        guard !isShort else { return id }
        // FNV-1a, 64 bit: spreads well, and nobody gains by finding two ids of one conversation that meet.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        return String(
            (0..<9).map { _ in
                defer { hash /= 62 }
                return digits[Int(hash % 62)]
            }
        )
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isAlphanumeric: Bool { self.isAlphabetic || self.numericType == .decimal }
}
