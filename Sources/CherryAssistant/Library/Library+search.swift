public import CherryCore
import CherryMemory
import CherryStore

extension Library {
    /// Messages that hold the words of `query`, best first; the last word may be incomplete. Messages of deleted
    /// conversations are not among them.
    @concurrent
    public func search(_ query: String, limit: Int = 20) async throws -> SearchPage {
        let start = ContinuousClock.now
        try await self.indexer.catchUp()
        let conversations = try await self.catalog.list()
        let found = self.index.search(query, limit: limit * 5).map(\.id)
        var hits: [SearchHit] = []
        for start in stride(from: 0, to: found.count, by: limit) where hits.count < limit {
            let ids = Array(found[start..<min(start + limit, found.count)])
            for message in try await self.store.get(Message.self, ids).map(\.value) where hits.count < limit {
                guard let conversation = conversations[message.conversationID]?.value, conversation.deletedAt == nil
                else { continue }
                hits.append(Self.hit(message, in: conversation, query))
            }
        }
        self.messageRecall.note(since: start, hits: hits.count)
        return SearchPage(items: hits, isIndexing: self.isIndexing)
    }

    /// Messages, notes and facts that hold the words of `query`, best first, all ranked together.
    ///
    /// - Parameters:
    ///   - wantsMessages: whether messages are among them; those of deleted conversations never are.
    ///   - kinds: which items of the context are among them.
    @concurrent
    public func searchContext(
        _ query: String,
        wantsMessages: Bool = true,
        kinds: Set<ContextItem.Kind> = Set(ContextItem.Kind.allCases),
        limit: Int = 20
    ) async throws -> ContextPage {
        let start = ContinuousClock.now
        try await self.indexer.catchUp()
        let conversations = try await self.catalog.list()
        let found = self.index.search(query, limit: limit * 5).map(\.id)
        var hits: [ContextHit] = []
        for start in stride(from: 0, to: found.count, by: limit) where hits.count < limit {
            let ids = Array(found[start..<min(start + limit, found.count)])
            let messages = wantsMessages ? try await self.store.get(Message.self, ids).map(\.value) : []
            let items = kinds.isEmpty ? [] : try await self.store.get(ContextItem.self, ids).map(\.value)
            var known: [RecordID: ContextHit] = [:]
            for message in messages {
                guard let conversation = conversations[message.conversationID]?.value, conversation.deletedAt == nil
                else { continue }
                known[message.id] = .message(Self.hit(message, in: conversation, query))
            }
            for item in items where kinds.contains(item.kind) {
                known[item.id] = .item(item, snippet: Snippet(of: item.text, matching: query).text)
            }
            hits += ids.compactMap { known[$0] }.prefix(limit - hits.count)
        }
        self.contextRecall.note(since: start, hits: hits.count)
        return ContextPage(items: hits, isIndexing: self.isIndexing)
    }

    private static func hit(_ message: Message, in conversation: Conversation, _ query: String) -> SearchHit {
        let snippet = Snippet(of: message.content, matching: query)
        return SearchHit(
            messageID: message.id,
            conversationID: conversation.id,
            title: conversation.title,
            role: message.role,
            createdAt: message.createdAt,
            snippet: snippet.text,
            ranges: snippet.ranges
        )
    }
}
