/// How many records an import brought.
public struct ImportSummary: Sendable, Hashable, Codable {
    public var conversations = 0
    public var messages = 0
    public var personas = 0
    /// Notes and facts.
    public var context = 0
    public var preferences = 0
    public var providers = 0
    /// Records that were there already and stay as they are.
    public var skipped = 0

    /// Counts nothing.
    public init() {}
}
