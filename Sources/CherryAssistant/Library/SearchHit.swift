public import CherryCore

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
