/// What a search found.
public struct SearchPage: Sendable {
    /// Best first.
    public let items: [SearchHit]
    /// Whether the index is still being built, so that more may be found later.
    public let isIndexing: Bool
}
