public import CherryCore
public import CherryStore

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
