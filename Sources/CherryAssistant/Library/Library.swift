public import CherryCore
public import CherryMemory
public import CherryStore
public import Foundation

/// What the user wrote and was answered: lists, trees, search, export and import. Works only while unlocked.
public final class Library: Sendable {
    let store: SealedStore
    let index: LexicalIndex
    let clock: WallClock

    /// Creates a library over the records of `store`.
    public init(store: SealedStore, index: LexicalIndex = LexicalIndex(), clock: WallClock = .system) {
        self.store = store
        self.index = index
        self.clock = clock
    }

    /// Conversations, newest first, after the one named `before`.
    public func conversations(
        before: RecordID? = nil,
        limit: Int = 100,
        includeDeleted: Bool = false
    ) async throws -> ConversationPage { throw StoreError(.unavailable, message: "") }

    /// The last `limit` messages of a branch before the message `before`.
    public func path(
        in conversation: RecordID,
        leaf: RecordID? = nil,
        before: RecordID? = nil,
        limit: Int = 60
    ) async throws -> MessagePage { throw StoreError(.unavailable, message: "") }

    /// The branch that ends with `message`, root first, without gaps.
    public func history(upTo message: RecordID, in conversation: RecordID) async throws -> [Message] {
        throw StoreError(.unavailable, message: "")
    }

    /// The messages that follow `parent` (`nil`: the first messages), in order of creation.
    public func children(of parent: RecordID?, in conversation: RecordID) async throws -> [RecordID] {
        throw StoreError(.unavailable, message: "")
    }

    /// A message and its siblings, in order of creation.
    public func siblings(of message: RecordID, in conversation: RecordID) async throws -> [RecordID] {
        throw StoreError(.unavailable, message: "")
    }

    /// Marks a conversation as deleted; it can be restored until it is purged.
    @discardableResult
    public func markDeleted(_ id: RecordID) async throws -> Versioned<Conversation> {
        throw StoreError(.unavailable, message: "")
    }

    /// Takes a deletion back.
    @discardableResult
    public func restore(_ id: RecordID) async throws -> Versioned<Conversation> {
        throw StoreError(.unavailable, message: "")
    }

    /// Removes conversations that were marked as deleted before `time`, with their messages.
    ///
    /// - Returns: how many conversations went.
    @discardableResult
    public func purgeDeleted(before time: Timestamp) async throws -> Int { 0 }

    /// Messages that hold the words of `query`; the last word may be incomplete.
    public func search(_ query: String, limit: Int = 20) async throws -> SearchPage {
        throw StoreError(.unavailable, message: "")
    }

    /// Builds the search index; returns when it is complete.
    public func warmUp() async throws {}

    /// Drops everything readable.
    public func cool() {}

    /// Whether the search index is being built.
    public var isIndexing: Bool { false }

    /// Writes the JSON export piece by piece: of one conversation, or of everything.
    public func exportJSON(
        of conversation: RecordID? = nil,
        to write: (Data) async throws -> Void
    ) async throws {}

    /// Writes a readable Markdown document piece by piece: of one conversation, or of everything.
    public func exportMarkdown(
        of conversation: RecordID? = nil,
        to write: (Data) async throws -> Void
    ) async throws {}

    /// Takes in a JSON export. All of it is checked first; nothing is written when anything is wrong.
    public func importJSON(_ data: Data) async throws -> ImportSummary { ImportSummary() }
}
