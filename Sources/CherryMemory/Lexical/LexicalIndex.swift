public import CherryCore
import Synchronization

/// Finds short texts by their words, ranked by BM25. Lives in memory only: it is as readable as the texts.
///
/// Case and, in Latin and Greek, diacritics do not matter. The last word of a query may be incomplete. Texts that are
/// added, replaced or removed count at once. Safe to use from any thread; nothing waits longer than for one text or
/// one query.
public final class LexicalIndex: Sendable {
    private let state = Mutex(InvertedIndex())

    /// Creates an empty index.
    public init() {}

    /// Adds a text, or replaces the one with the same id. Beyond some sixteen million texts nothing is added.
    public func add(_ id: RecordID, _ text: String) {
        let tokens = TokenList(text, for: .text)
        self.state.withLock { $0.add(id, tokens) }
    }

    /// Removes a text.
    public func remove(_ id: RecordID) {
        self.state.withLock { $0.remove(id) }
    }

    /// Forgets everything.
    public func removeAll() {
        self.state.withLock { $0 = InvertedIndex() }
    }

    /// How many texts there are.
    public var count: Int { self.state.withLock { $0.count } }

    /// Whether there is a text with this id.
    public func contains(_ id: RecordID) -> Bool { self.state.withLock { $0.contains(id) } }

    /// The texts that have every word of `query`, or, when there are none, any of them; best first, of equals the
    /// younger id.
    ///
    /// The last word also stands for longer words that begin with it, unless something follows it in `query`.
    public func search(_ query: String, limit: Int) -> [(id: RecordID, score: Double)] {
        let query = LexicalQuery(query)
        return self.state.withLock { $0.search(query, limit: limit) }
    }
}
