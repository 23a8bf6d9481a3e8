public import CherryCore

/// What the product lends to tools: the user's context, conversations, personas, and an answer.
///
/// Rights have been checked before. Throws `CherryError`: `sealed` while the vault is locked, `notFound`, and others.
public protocol MCPContext: Sendable {
    /// What holds the words of `query`, best first.
    ///
    /// - Parameter kinds: only these; empty for all.
    func search(_ query: String, kinds: Set<MCPPassage.Kind>, limit: Int) async throws -> MCPPassages

    /// One note, fact or message, whole; `nil` when there is none.
    func passage(_ reference: MCPReference) async throws -> MCPPassage?

    /// Keeps something new, with its origin.
    func add(_ item: ContextItem) async throws -> MCPPassage

    /// Conversations by their last change, newest first, after the one named `before`.
    func conversations(before: RecordID?, limit: Int) async throws -> MCPConversations

    /// The last `limit` messages of the branch on show before the message `before`; `nil` when there is no such
    /// conversation.
    func conversation(_ id: RecordID, before: RecordID?, limit: Int) async throws -> MCPConversation?

    /// Has a model answer. Cancelling the task ends the model's work.
    ///
    /// - Parameter progress: told how many bytes of text there are so far.
    func ask(
        _ question: MCPQuestion,
        for grant: MCPGrant,
        progress: @escaping @Sendable (Int) async -> Void
    ) async throws -> MCPAnswer

    /// The characters that answer, in a stable order.
    func personas() async throws -> [Persona]
}

/// Names something of the user's, as an address that tools pass around.
public enum MCPReference: Sendable, Hashable, LosslessStringConvertible {
    case context(RecordID)
    case message(RecordID)
    case conversation(RecordID)
    case persona(RecordID)

    private static let scheme = "cherry://"

    /// Reads an address such as `cherry://context/0198…`.
    public init?(_ description: String) {
        guard description.hasPrefix(Self.scheme) else { return nil }
        let parts = description.dropFirst(Self.scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = RecordID(String(parts[1])) else { return nil }
        switch parts[0] {
        case "context": self = .context(id)
        case "messages": self = .message(id)
        case "conversations": self = .conversation(id)
        case "personas": self = .persona(id)
        default: return nil
        }
    }

    public var description: String {
        switch self {
        case .context(let id): "\(Self.scheme)context/\(id)"
        case .message(let id): "\(Self.scheme)messages/\(id)"
        case .conversation(let id): "\(Self.scheme)conversations/\(id)"
        case .persona(let id): "\(Self.scheme)personas/\(id)"
        }
    }
}

/// A note, a fact or a message, whole or in part.
public struct MCPPassage: Sendable, Hashable {
    /// What it is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case note, fact, message
    }

    public var reference: MCPReference
    public var kind: Kind
    /// The item's own title, or the conversation's.
    public var title: String?
    public var text: String
    public var createdAt: Timestamp
    /// Who wrote it: `user`, `assistant`, or the name of the token that brought it.
    public var author: String
    /// The conversation of a message.
    public var conversation: RecordID?

    /// Describes a passage.
    public init(
        reference: MCPReference,
        kind: Kind,
        title: String?,
        text: String,
        createdAt: Timestamp,
        author: String,
        conversation: RecordID? = nil
    ) {
        self.reference = reference
        self.kind = kind
        self.title = title
        self.text = text
        self.createdAt = createdAt
        self.author = author
        self.conversation = conversation
    }
}

/// What a search found.
public struct MCPPassages: Sendable, Hashable {
    /// Best first; texts are the parts around what was found.
    public var items: [MCPPassage]
    /// Whether the index is still being built.
    public var isIndexing: Bool

    /// Joins what was found.
    public init(items: [MCPPassage], isIndexing: Bool) {
        self.items = items
        self.isIndexing = isIndexing
    }
}

/// A stretch of the list of conversations.
public struct MCPConversations: Sendable, Hashable {
    public var items: [Conversation]
    public var hasMore: Bool

    /// Joins a stretch.
    public init(items: [Conversation], hasMore: Bool) {
        self.items = items
        self.hasMore = hasMore
    }
}

/// A stretch of one conversation.
public struct MCPConversation: Sendable, Hashable {
    public var conversation: Conversation
    /// Oldest first.
    public var messages: [Message]
    /// Whether older ones come before.
    public var hasMore: Bool

    /// Joins a stretch.
    public init(conversation: Conversation, messages: [Message], hasMore: Bool) {
        self.conversation = conversation
        self.messages = messages
        self.hasMore = hasMore
    }
}

/// A question to a model.
public struct MCPQuestion: Sendable, Hashable {
    public var text: String
    /// The name or id of the persona that is to answer.
    public var persona: String?
    /// The model's name or alias.
    public var model: String?
    /// Whether what is found in the user's context goes with the question.
    public var usesContext: Bool

    /// Describes a question.
    public init(text: String, persona: String?, model: String?, usesContext: Bool) {
        self.text = text
        self.persona = persona
        self.model = model
        self.usesContext = usesContext
    }
}

/// A model's answer.
public struct MCPAnswer: Sendable, Hashable {
    public var text: String
    public var model: String
    public var persona: String?
    /// What of the user's context went with the question.
    public var sources: [MCPReference]

    /// Describes an answer.
    public init(text: String, model: String, persona: String?, sources: [MCPReference]) {
        self.text = text
        self.model = model
        self.persona = persona
        self.sources = sources
    }
}
