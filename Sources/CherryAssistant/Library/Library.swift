public import CherryCore
public import CherryMemory
public import CherryStore

/// What the user wrote and was answered: lists, branches, search, export and import.
///
/// Works only while the vault is unlocked: the sealer's error passes through. What it keeps opened in memory is gone
/// after `cool()`. It follows the change feed, so an answer has everything that was written before the question,
/// whoever wrote it.
public final class Library: Sendable {
    let store: SealedStore
    let clock: WallClock
    let catalog: Catalog
    let indexer: SearchIndexer
    let index: LexicalIndex
    let messageRecall = RecallMetrics(kind: "messages")
    let contextRecall = RecallMetrics(kind: "context")

    /// Creates a library over the records of `store`; it fills `index` with their words.
    public init(store: SealedStore, index: LexicalIndex = LexicalIndex(), clock: WallClock = .system) {
        self.store = store
        self.index = index
        self.clock = clock
        self.catalog = Catalog(store: store)
        self.indexer = SearchIndexer(store: store, index: index)
    }

    /// Makes ready what is likely to be opened first after an unlock, then the search index; returns when that is complete.
    /// Everything works meanwhile.
    ///
    /// - Throws: `CancellationError` when `cool` or a cancellation comes in between.
    @concurrent
    public func warmUp() async throws {
        // What was used last is what is opened first.
        let page = try await self.catalog.list().page(before: nil, limit: Self.warmTrees, includeDeleted: false)
        for conversation in page?.items ?? [] { _ = try await self.catalog.tree(of: conversation.value.id) }
        try await self.indexer.build()
    }

    /// Conversations made ready after an unlock.
    private static let warmTrees = 3

    /// Drops everything readable: the vault was locked.
    public func cool() {
        self.catalog.drop()
        self.indexer.drop()
    }

    /// Whether the search index is not complete yet.
    public var isIndexing: Bool { self.indexer.isIndexing }

    /// Conversations in order of their last change, newest first, after the one named `before`.
    ///
    /// - Parameter includeDeleted: whether those that were deleted and can still be restored are among them.
    /// - Throws: `AssistantError` with code `.notFound` when `before` is not there.
    public func conversations(
        before: RecordID? = nil,
        limit: Int = 100,
        includeDeleted: Bool = false
    ) async throws -> ConversationPage {
        let list = try await self.catalog.list()
        guard let page = list.page(before: before, limit: limit, includeDeleted: includeDeleted) else {
            throw Self.noSuchConversation
        }
        return ConversationPage(items: page.items, hasMore: page.hasMore)
    }

    /// The last `limit` messages of a branch before the message `before`.
    ///
    /// - Parameter leaf: a message of the branch; it goes on from there to the newest reply each time. `nil` means the
    ///   branch on show, or the newest one.
    /// - Throws: `AssistantError` with code `.notFound` when conversation, `leaf` or `before` is not there.
    public func path(
        in conversation: RecordID,
        leaf: RecordID? = nil,
        before: RecordID? = nil,
        limit: Int = 60
    ) async throws -> MessagePage {
        let tree = try await self.catalog.tree(of: conversation)
        guard let known = try await self.catalog.list()[conversation]?.value else { throw Self.noSuchConversation }
        if let leaf, !tree.contains(leaf) { throw Self.noSuchMessage }
        let shown = known.activeLeaf.flatMap { tree.contains($0) ? $0 : nil }
        guard let end = tree.latestLeaf(below: leaf ?? shown) else {
            return MessagePage(items: [], hasMore: false, leaf: nil, branches: [:])
        }
        var path = tree.path(to: end)[...]
        if let before {
            guard let place = path.firstIndex(of: before) else { throw Self.noSuchMessage }
            path = path[..<place]
        }
        let page = Array(path.suffix(limit))
        var branches: [RecordID: [RecordID]] = [:]
        for id in page {
            let siblings = tree.siblings(of: id)
            if siblings.count > 1 { branches[id] = siblings }
        }
        return MessagePage(
            items: try await self.store.get(Message.self, page),
            hasMore: path.count > page.count,
            leaf: end,
            branches: branches
        )
    }

    /// The branch that ends with `message`, root first.
    ///
    /// - Throws: `AssistantError` with code `.notFound`.
    public func history(upTo message: RecordID, in conversation: RecordID) async throws -> [Message] {
        let path = try await self.catalog.tree(of: conversation).path(to: message)
        guard !path.isEmpty else { throw Self.noSuchMessage }
        return try await self.store.get(Message.self, path).map(\.value)
    }

    /// The messages that follow `parent` (`nil`: the first messages), in order of creation.
    public func children(of parent: RecordID?, in conversation: RecordID) async throws -> [RecordID] {
        try await self.catalog.tree(of: conversation).children(of: parent)
    }

    /// A message and those that follow the same one, in order of creation; empty when it is not there.
    public func siblings(of message: RecordID, in conversation: RecordID) async throws -> [RecordID] {
        try await self.catalog.tree(of: conversation).siblings(of: message)
    }

    static let noSuchConversation = AssistantError(.notFound, message: "There is no such conversation.")
    static let noSuchMessage = AssistantError(.notFound, message: "There is no such message in this conversation.")
}
