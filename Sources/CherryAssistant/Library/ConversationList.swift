import CherryCore
import CherryStore

/// All conversations, opened and sorted by their last change, newest first; of equals the younger id.
struct ConversationList: Sendable {
    private struct Key: Comparable {
        let updatedAt: Timestamp
        let id: RecordID

        static func < (lhs: Key, rhs: Key) -> Bool { (lhs.updatedAt, lhs.id) < (rhs.updatedAt, rhs.id) }
    }

    private var items: [RecordID: Versioned<Conversation>] = [:]
    /// Newest first.
    private var order: [Key] = []

    init() {}

    init(_ conversations: [Versioned<Conversation>]) {
        for conversation in conversations { self.items[conversation.value.id] = conversation }
        self.order = self.items.values.map(Self.key).sorted(by: >)
    }

    subscript(id: RecordID) -> Versioned<Conversation>? { self.items[id] }

    /// All of them, newest first.
    var all: [Versioned<Conversation>] { self.order.compactMap { self.items[$0.id] } }

    /// Takes in a version of a conversation, unless it has a newer one.
    mutating func upsert(_ conversation: Versioned<Conversation>) {
        let id = conversation.value.id
        if let known = self.items[id] {
            guard known.version < conversation.version else { return }
            self.remove(id)
        }
        let key = Self.key(conversation)
        self.order.insert(key, at: self.place(of: key))
        self.items[id] = conversation
    }

    mutating func remove(_ id: RecordID) {
        guard let known = self.items.removeValue(forKey: id) else { return }
        self.order.remove(at: self.place(of: Self.key(known)))
    }

    /// At most `limit` after the one named `before`; `nil` when there is no such one.
    func page(
        before: RecordID?,
        limit: Int,
        includeDeleted: Bool
    ) -> (items: [Versioned<Conversation>], hasMore: Bool)? {
        var start = 0
        if let before {
            guard let known = self.items[before] else { return nil }
            start = self.place(of: Self.key(known)) + 1
        }
        var page: [Versioned<Conversation>] = []
        for key in self.order[start...] {
            guard let item = self.items[key.id], includeDeleted || item.value.deletedAt == nil else { continue }
            guard page.count < limit else { return (page, true) }
            page.append(item)
        }
        return (page, false)
    }

    private static func key(_ conversation: Versioned<Conversation>) -> Key {
        Key(updatedAt: conversation.value.updatedAt, id: conversation.value.id)
    }

    /// Where a key is, or belongs.
    private func place(of key: Key) -> Int {
        var (low, high) = (0, self.order.count)
        while low < high {
            let middle = (low + high) / 2
            if self.order[middle] > key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
