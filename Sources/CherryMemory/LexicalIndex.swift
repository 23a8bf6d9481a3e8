public import CherryCore

/// Finds short texts by their words, ranked by BM25. Lives in memory only.
public final class LexicalIndex: Sendable {
    /// Creates an empty index.
    public init() {}

    /// Adds a text, or replaces the one with the same id.
    public func add(_ id: RecordID, _ text: String) {}

    /// Removes a text.
    public func remove(_ id: RecordID) {}

    /// Forgets everything.
    public func removeAll() {}

    /// How many texts there are.
    public var count: Int { 0 }

    /// The best texts for a query, best first.
    public func search(_ query: String, limit: Int) -> [(id: RecordID, score: Double)] { [] }
}
