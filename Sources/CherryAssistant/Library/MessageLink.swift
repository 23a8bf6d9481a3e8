import CherryCore
import CherryStore

/// What a tree needs to know of a message; the rest of the record is not decoded.
struct MessageLink: SealedRecord {
    static var collection: RecordCollection { .messages }

    let id: RecordID
    let conversationID: RecordID
    let parentID: RecordID?
    let createdAt: Timestamp

    var scope: RecordID? { self.conversationID }
}

extension ConversationTree {
    mutating func insert(_ link: MessageLink) {
        self.insert(link.id, parent: link.parentID, createdAt: link.createdAt)
    }
}
