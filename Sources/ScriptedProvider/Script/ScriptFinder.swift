import CherryCore

/// Finds the script that a request carries in its last user message, whatever API it is written in.
enum ScriptFinder {
    /// What stands before a script.
    static let marker = "SCRIPT:"

    /// A script's JSON text.
    struct Found: Hashable {
        var text: String
        /// How many turns of the assistant follow the message that carries it.
        var rounds: Int
    }

    /// The last script in a request, or `nil`.
    static func find(in body: JSONValue) -> Found? {
        let body = body["generateContentRequest"] ?? body  // Gemini counts tokens of a request within a request
        let messages = body["messages"] ?? body["contents"] ?? body["input"] ?? body["content"]
        var rounds = 0
        var isWithinTurn = false
        for message in (messages?.array ?? messages.map { [$0] } ?? []).reversed() {
            let role = message["role"]?.string
            let isAssistant =
                role == "assistant" || role == "model"
                || (role == nil && ["function_call", "reasoning"].contains(message["type"]?.string))
            if isAssistant {
                if !isWithinTurn { rounds += 1 }
            } else if role == "user" || role == nil {
                for text in self.texts(of: message).reversed() {
                    if let script = self.script(in: text) { return Found(text: script, rounds: rounds) }
                }
            }
            isWithinTurn = isAssistant
        }
        return nil
    }

    private static func texts(of message: JSONValue) -> [String] {
        if let text = message.string { return [text] }
        let content = message["content"] ?? message["parts"]
        if let text = content?.string { return [text] }
        return (content?.array ?? []).compactMap { $0.string ?? $0["text"]?.string }
    }

    /// The object after the last marker, up to the brace that closes it.
    static func script(in text: String) -> String? {
        let bytes = Array(text.utf8)
        let marker = Array(self.marker.utf8)
        guard bytes.count > marker.count,
            let start = (0...(bytes.count - marker.count)).last(where: {
                bytes[$0] == marker[0] && bytes[$0..<($0 + marker.count)].elementsEqual(marker)
            })
        else { return nil }
        guard let open = bytes[start...].firstIndex(of: UInt8(ascii: "{")) else { return nil }
        var depth = 0
        var isInText = false
        var isEscaped = false
        for index in open..<bytes.count {
            let byte = bytes[index]
            if isInText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInText = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return String(decoding: bytes[open...index], as: UTF8.self) }
            default: break
            }
        }
        return nil
    }
}
