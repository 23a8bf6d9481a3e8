import CherryCore
import CherryStore
import Synchronization

/// The opened list of conversations and the trees in use, kept up to date from the change feed.
///
/// Each question first reads what is new in the feed, so whoever wrote, the answer has it.
final class Catalog: Sendable {
    private struct State {
        /// One more each time everything is dropped, so that work begun before does not put anything back.
        var generation = 0
        /// The feed position up to which `list` and `trees` are; `nil` while nothing is loaded.
        var cursor: Int64?
        var list = ConversationList()
        var trees = TreeCache()
    }

    private static let pageSize = 500
    private let store: SealedStore
    private let state = Mutex(State())

    init(store: SealedStore) { self.store = store }

    /// Forgets everything readable.
    func drop() {
        self.state.withLock { $0 = State(generation: $0.generation + 1) }
    }

    /// The list as it is now.
    func list() async throws -> ConversationList {
        while true {
            try await self.refresh()
            // Nothing is loaded if it was dropped since.
            if let list = self.state.withLock({ $0.cursor == nil ? nil : $0.list }) { return list }
        }
    }

    /// The tree of a conversation as it is now, empty when there is no such one.
    func tree(of conversation: RecordID) async throws -> ConversationTree {
        while true {
            try await self.refresh()
            let (known, generation, cursor) = self.state.withLock { state in
                (state.trees.use(conversation), state.generation, state.cursor)
            }
            if let known { return known }
            if let cursor { return try await self.loadTree(of: conversation, from: cursor, generation) }
        }
    }

    /// Takes in what is new.
    private func refresh() async throws {
        while true {
            let (generation, cursor) = self.state.withLock { ($0.generation, $0.cursor) }
            guard let cursor else {
                try await self.load(generation)
                continue
            }
            let page = try await self.store.sealedChanges(since: cursor, limit: Self.pageSize)
            if page.isStale {
                self.state.withLock { state in
                    if state.generation == generation { state = State(generation: generation + 1) }
                }
                continue
            }
            let isTaken = try self.apply(page, since: cursor, generation)
            if isTaken, !page.hasMore { return }
        }
    }

    private func load(_ generation: Int) async throws {
        let position = try await self.store.position()
        let list = ConversationList(try await self.store.list(Conversation.self))
        self.state.withLock { state in
            guard state.generation == generation, state.cursor == nil else { return }
            state.list = list
            state.cursor = position
        }
    }

    /// Applies a page, unless somebody else has done it meanwhile.
    ///
    /// - Returns: whether everything in it is taken in. Somebody else may have applied a page that was read earlier and
    ///   has less.
    private func apply(_ page: ChangePage, since cursor: Int64, _ generation: Int) throws -> Bool {
        try self.state.withLock { state in
            guard state.generation == generation, let now = state.cursor else { return false }
            guard now == cursor else { return now >= page.next }
            for row in page.records {
                switch row.collection {
                case .conversations:
                    if let conversation = try self.store.value(Conversation.self, of: row) {
                        state.list.upsert(conversation)
                    } else {
                        state.list.remove(row.id)
                        state.trees.remove(row.id)
                    }
                case .messages:
                    guard let conversation = row.scope, state.trees.contains(conversation) else { continue }
                    let link = try self.store.value(MessageLink.self, of: row)?.value
                    state.trees.change(conversation) { $0.apply(row, link) }
                default: continue
                }
            }
            state.cursor = page.next
            return true
        }
    }

    /// Reads all messages of a conversation, then what changed while reading.
    private func loadTree(
        of conversation: RecordID,
        from start: Int64,
        _ generation: Int
    ) async throws -> ConversationTree {
        var tree = ConversationTree()
        try await self.store.forEach(MessageLink.self, scope: conversation, batch: 1000) { links in
            for link in links { tree.insert(link.value) }
        }
        var cursor = start
        while true {
            let isDone = self.state.withLock { state in
                // Dropped meanwhile: hand it out, keep nothing.
                guard state.generation == generation, let now = state.cursor else { return true }
                guard now <= cursor else { return false }
                state.trees.insert(tree, for: conversation)
                return true
            }
            if isDone { return tree }
            let page = try await self.store.sealedChanges(since: cursor, limit: Self.pageSize)
            guard !page.isStale else { return tree }
            for row in page.records where row.collection == .messages && row.scope == conversation {
                tree.apply(row, try self.store.value(MessageLink.self, of: row)?.value)
            }
            cursor = page.next
        }
    }
}

extension ConversationTree {
    /// Takes in a row of the feed, which was opened unless it is a tombstone.
    fileprivate mutating func apply(_ row: StoredRecord, _ link: MessageLink?) {
        if let link { self.insert(link) } else { self.remove(row.id) }
    }
}
