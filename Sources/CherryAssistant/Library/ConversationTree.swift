import CherryCore

/// How the messages of one conversation follow each other. Holds no text.
///
/// Messages may come in any order, children before their parents too; one whose parent never comes begins a branch of
/// its own. Cycles, which only a damaged or forged record could make, end a walk.
struct ConversationTree: Sendable {
    private struct Node: Sendable {
        var parentID: RecordID?
        var createdAt: Timestamp
        /// In order of creation.
        var children: [RecordID] = []
        /// Whether the message itself is there; otherwise only messages that follow it are.
        var isPresent: Bool
    }

    private var nodes: [RecordID: Node] = [:]
    /// First messages, in order of creation.
    private var roots: [RecordID] = []

    /// How many messages it knows.
    private(set) var count = 0

    /// Whether the message is there.
    func contains(_ id: RecordID) -> Bool { self.nodes[id]?.isPresent == true }

    /// Adds a message. One that is there already stays as it is: its place never changes.
    mutating func insert(_ id: RecordID, parent: RecordID?, createdAt: Timestamp) {
        guard !self.contains(id) else { return }
        let children = self.nodes[id]?.children ?? []
        self.nodes[id] = Node(parentID: parent, createdAt: createdAt, children: children, isPresent: true)
        self.count += 1
        guard let parent else {
            self.roots.insert(id, at: self.place(for: id, among: self.roots))
            return
        }
        if self.nodes[parent] == nil {
            self.nodes[parent] = Node(parentID: nil, createdAt: createdAt, isPresent: false)
        }
        let place = self.place(for: id, among: self.children(of: parent))
        self.nodes[parent]?.children.insert(id, at: place)
    }

    /// Takes a message out; those that follow it begin branches of their own.
    mutating func remove(_ id: RecordID) {
        guard let node = self.nodes[id], node.isPresent else { return }
        self.count -= 1
        if let parent = node.parentID {
            self.nodes[parent]?.children.removeAll { $0 == id }
        } else {
            self.roots.removeAll { $0 == id }
        }
        self.nodes[id] =
            node.children.isEmpty
            ? nil
            : Node(
                parentID: nil,
                createdAt: node.createdAt,
                children: node.children,
                isPresent: false
            )
    }

    /// The messages from the first one to `id`; empty when it is not there.
    func path(to id: RecordID) -> [RecordID] {
        var path: [RecordID] = []
        var next: RecordID? = id
        while let current = next, let node = self.nodes[current], node.isPresent, path.count < self.count {
            path.append(current)
            next = node.parentID
        }
        return path.reversed()
    }

    /// The messages that follow `parent`, or the first messages, in order of creation.
    func children(of parent: RecordID?) -> [RecordID] {
        guard let parent else { return self.roots }
        return self.nodes[parent]?.children ?? []
    }

    /// A message and those that follow the same one, in order of creation.
    func siblings(of id: RecordID) -> [RecordID] {
        guard let node = self.nodes[id], node.isPresent else { return [] }
        return self.children(of: node.parentID)
    }

    /// The end of the branch that leads through `id` and then always to the message created last; without `id`, the
    /// end of the branch that began last. `nil` when there is no such message.
    func latestLeaf(below id: RecordID? = nil) -> RecordID? {
        guard var leaf = id ?? self.roots.last ?? self.latestOrphan, self.contains(leaf) else { return nil }
        var steps = 0
        while let child = self.nodes[leaf]?.children.last, steps < self.count {
            leaf = child
            steps += 1
        }
        return leaf
    }

    /// The message created last of those whose parent is not there.
    private var latestOrphan: RecordID? {
        let orphans = self.nodes.values.lazy.filter { !$0.isPresent }.flatMap(\.children)
        return orphans.max { self.precedes($0, $1) }
    }

    private func place(for id: RecordID, among siblings: [RecordID]) -> Int {
        siblings.lastIndex { self.precedes($0, id) }.map { $0 + 1 } ?? 0
    }

    private func precedes(_ left: RecordID, _ right: RecordID) -> Bool {
        guard let first = self.nodes[left]?.createdAt, let second = self.nodes[right]?.createdAt else { return false }
        return (first, left) < (second, right)
    }
}
