import CherryCore

/// Remembers which tool each call of a conversation called: some providers want its name again beside the result.
struct CallNames {
    private var names: [String: String] = [:]

    mutating func add(_ call: ToolCall) { self.names[call.id] = call.name }

    subscript(_ id: String) -> String? { self.names[id] }
}

extension [ChatMessage] {
    /// Adds a result; those that follow each other are one message.
    mutating func append(_ result: ToolResult) {
        if let last = self.indices.last, self[last].role == .tool {
            self[last].parts.append(.toolResult(result))
        } else {
            self.append(ChatMessage(.tool, parts: [.toolResult(result)]))
        }
    }
}
