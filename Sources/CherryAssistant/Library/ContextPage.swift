public import CherryCore

/// One thing that a search in everything found.
public enum ContextHit: Sendable, Hashable {
    case message(SearchHit)
    /// A note or a fact, with the part around what was found.
    case item(ContextItem, snippet: String)
}

/// What a search in everything found.
public struct ContextPage: Sendable {
    /// Best first.
    public let items: [ContextHit]
    /// Whether the index is still being built, so that more may be found later.
    public let isIndexing: Bool
}
