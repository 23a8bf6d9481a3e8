public import CherryCore
public import CherryStore

/// A stretch of the list of conversations, newest first.
public struct ConversationPage: Sendable {
    public let items: [Versioned<Conversation>]
    /// Whether older ones follow.
    public let hasMore: Bool
}

/// A stretch of one branch of a conversation.
public struct MessagePage: Sendable {
    /// Oldest first.
    public let items: [Versioned<Message>]
    /// Whether older ones come before.
    public let hasMore: Bool
    /// The last message of the branch; `nil` in an empty conversation.
    public let leaf: RecordID?
    /// For each message of the page that has siblings: all of them and itself, in order of creation.
    public let branches: [RecordID: [RecordID]]
}

/// What a search found.
public struct SearchPage: Sendable {
    /// Best first.
    public let items: [SearchHit]
    /// Whether the index is still being built, so that more may be found later.
    public let isIndexing: Bool
}

/// One message that a search found.
public struct SearchHit: Sendable, Hashable {
    public let messageID: RecordID
    public let conversationID: RecordID
    /// The conversation's title.
    public let title: String
    public let role: Message.Role
    public let createdAt: Timestamp
    /// A part of the message around what was found.
    public let snippet: String
    /// Where the words are, in UTF-16 units of `snippet`.
    public let ranges: [Range<Int>]
}

/// How many records an import brought.
public struct ImportSummary: Sendable, Hashable, Codable {
    public var conversations = 0
    public var messages = 0
    public var personas = 0
    public var preferences = 0
    public var providers = 0
    /// Records that were there already and stay as they are.
    public var skipped = 0

    /// Counts nothing.
    public init() {}
}
