import CherryCore
import Foundation

/// Conversations as a document to read.
struct MarkdownDocument {
    static let separator = "\n---\n\n"

    private let personas: [RecordID: Persona]

    init(personas: [Persona]) {
        self.personas = Dictionary(personas.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func heading(of conversation: Conversation) -> String {
        var lines = [
            "# \(Self.line(conversation.title))", "",
            "- Begun: \(Self.time(conversation.createdAt))",
            "- Last change: \(Self.time(conversation.updatedAt))",
        ]
        if let persona = conversation.personaID.flatMap({ self.personas[$0] }) {
            lines.append("- Persona: \(Self.line(persona.name))")
        }
        if let model = conversation.model { lines.append("- Model: \(Self.line(model.model))") }
        return lines.joined(separator: "\n") + "\n\n"
    }

    func heading(ofBranch number: Int) -> String { "## Another branch (\(number))\n\n" }

    func text(of message: Message) -> String {
        var heading = ["You"]
        if message.role == .assistant {
            heading = [message.personaID.flatMap { self.personas[$0]?.name } ?? "Assistant"]
            if let model = message.model { heading.append(model.model) }
        }
        heading.append(Self.time(message.createdAt))
        var text = "### \(heading.map(Self.line).joined(separator: " · "))\n\n"
        if !message.content.isEmpty { text += message.content + "\n\n" }
        if let note = Self.note(on: message) { text += "> \(note)\n\n" }
        return text
    }

    private static func note(on message: Message) -> String? {
        switch message.state {
        case .complete: nil
        case .streaming: "This reply was still being written."
        case .stopped: "This reply was stopped."
        case .interrupted: "This reply was interrupted."
        case .failed: "This reply failed: \(self.line(message.failure?.message ?? "no reason is known."))"
        }
    }

    private static func time(_ timestamp: Timestamp) -> String {
        let text = timestamp.date.ISO8601Format()  // 2026-01-31T08:15:30Z
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// Keeps a heading on one line.
    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
