import CherryAssistant
import CherryCore
import CherryStore
import Hummingbird

/// A reply as events. The id of each names the place after it: what a client that has it needs no more.
struct ReplyEventEncoder: StreamEncoder {
    private struct Piece: Encodable {
        let text: String
        let at: Int
    }

    private struct Notice: Encodable {
        let code: String
        var omittedMessages: Int?
        var servers: [String]?
    }

    private var cursor: TurnCursor

    /// Begins at the place that a client has read up to.
    init(after cursor: TurnCursor) { self.cursor = cursor }

    mutating func encode(_ event: TurnEvent) -> StreamFrame {
        switch event {
        case .text(let text, let at):
            self.cursor.text = at + text.utf8.count
            return self.frame("text", Piece(text: text, at: at))
        case .reasoning(let text, let at):
            self.cursor.reasoning = at + text.utf8.count
            return self.frame("reasoning", Piece(text: text, at: at))
        case .notice(.contextTrimmed(let omitted)):
            return self.frame("notice", Notice(code: "contextTrimmed", omittedMessages: omitted))
        case .notice(.tinyModel):
            return self.frame("notice", Notice(code: "tinyModel"))
        case .notice(.toolsMissing(let servers)):
            return self.frame("notice", Notice(code: "toolsMissing", servers: servers))
        case .tools(let uses):
            return self.frame("tools", Items(items: uses))
        case .end(let message):
            return StreamFrame(bytes: self.frame("end", Envelope(message)).bytes, isLast: true)
        }
    }

    private func frame(_ event: String, _ data: some Encodable) -> StreamFrame {
        StreamFrame(
            bytes: ServerSentEvent.frame(event: event, id: self.cursor.eventID, data: JSON.encode(data))
        )
    }
}

extension TurnCursor {
    /// As an event id: the two offsets, joined by a dot.
    var eventID: String { "\(self.text).\(self.reasoning)" }

    /// Reads an event id.
    init?(eventID: String) {
        let parts = eventID.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let text = Self.offset(parts[0]), let reasoning = Self.offset(parts[1]) else {
            return nil
        }
        self.init(text: text, reasoning: reasoning)
    }

    private static func offset(_ digits: Substring) -> Int? {
        guard (1...12).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }
}
