public import CherryCore
public import CherryStore

/// A stretch of the list of conversations, newest first.
public struct ConversationPage: Sendable {
    public let items: [Versioned<Conversation>]
    /// Whether older ones follow.
    public let hasMore: Bool
}
