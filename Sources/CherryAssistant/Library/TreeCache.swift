import CherryCore

/// The trees used last, within a bound on how many messages they know together.
struct TreeCache: Sendable {
    /// About 200 bytes each.
    private let capacity: Int
    private var trees: [RecordID: ConversationTree] = [:]
    /// Used last at the end.
    private var order: [RecordID] = []

    /// - Parameter capacity: messages kept at most; the tree used last is kept whatever its size.
    init(capacity: Int = 200_000) { self.capacity = capacity }

    /// The tree of a conversation, which thereby is the one used last.
    mutating func use(_ conversation: RecordID) -> ConversationTree? {
        guard let tree = self.trees[conversation] else { return nil }
        self.touch(conversation)
        return tree
    }

    /// Keeps a tree and drops those used longest ago when there are too many.
    mutating func insert(_ tree: ConversationTree, for conversation: RecordID) {
        self.trees[conversation] = tree
        self.touch(conversation)
        while self.order.count > 1, self.trees.values.reduce(0, { $0 + $1.count }) > self.capacity {
            self.trees[self.order.removeFirst()] = nil
        }
    }

    /// Whether the tree of a conversation is here.
    func contains(_ conversation: RecordID) -> Bool { self.trees[conversation] != nil }

    /// Changes a tree where it lies.
    mutating func change(_ conversation: RecordID, _ change: (inout ConversationTree) -> Void) {
        guard self.trees[conversation] != nil else { return }
        change(&self.trees[conversation, default: ConversationTree()])
    }

    /// Drops the tree of a conversation.
    mutating func remove(_ conversation: RecordID) {
        self.trees[conversation] = nil
        self.order.removeAll { $0 == conversation }
    }

    private mutating func touch(_ conversation: RecordID) {
        self.order.removeAll { $0 == conversation }
        self.order.append(conversation)
    }
}
