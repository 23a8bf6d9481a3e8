import CherryCore

/// What a connection can follow.
public enum HubTopic: Sendable, Hashable {
    /// Changes of what the user's tools share.
    case context
    /// Changes of conversations and their messages.
    case conversations
    /// Tools that come, change and leave.
    case presence
    /// What one tool says to whoever follows it.
    case tool(String)

    /// Reads a topic as it stands in messages; `nil` when there is none of that name.
    init?(_ text: String) {
        switch text {
        case "context": self = .context
        case "conversations": self = .conversations
        case "presence": self = .presence
        default:
            guard text.hasPrefix("tool:"), HubName.isValid(text.dropFirst(5)) else { return nil }
            self = .tool(String(text.dropFirst(5)))
        }
    }

    /// The topic that a change of a collection belongs to; `nil` when tools are told nothing of it.
    init?(_ collection: RecordCollection) {
        switch collection {
        case .conversations, .messages: self = .conversations
        case .personas, .context: self = .context
        default: return nil
        }
    }

    /// Whether its events come from the change feed.
    var isOfFeed: Bool { self == .context || self == .conversations }

    /// The topic as it stands in messages.
    var text: String {
        switch self {
        case .context: "context"
        case .conversations: "conversations"
        case .presence: "presence"
        case .tool(let name): "tool:\(name)"
        }
    }
}
