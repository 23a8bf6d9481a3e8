/// What one exchange with a model took. Never what was said in it.
public struct UsageRecord: Codable, Sendable, Hashable {
    /// The outcome of an exchange that came to its end.
    public static let complete = "complete"
    /// The outcome of an exchange whose client went away or stopped it.
    public static let stopped = "stopped"

    /// When it began.
    public var at: Timestamp
    /// The token that it was asked with; `nil` for the product itself.
    public var tokenID: RecordID?
    /// The conversation that it belongs to.
    public var conversationID: RecordID?
    public var providerID: RecordID
    /// The provider's name for the model.
    public var model: String
    /// The alias that was asked for.
    public var alias: String?
    /// `nil` when nothing was read or written.
    public var tokens: TokenUsage?
    /// Whether the tokens are our estimate, because the provider sent none.
    public var isEstimated: Bool
    /// Millionths of a US dollar; `nil` when the price is not known.
    public var microDollars: Int64?
    /// From the request to the first token.
    public var firstTokenMilliseconds: Int64?
    /// From the request to the end.
    public var totalMilliseconds: Int64
    /// How often a model was asked, 0 when the answer came from the cache.
    public var attempts: Int
    /// `complete`, `stopped`, or the code of the error that ended it.
    public var outcome: String

    /// Creates a record.
    public init(
        at: Timestamp,
        tokenID: RecordID? = nil,
        conversationID: RecordID? = nil,
        providerID: RecordID,
        model: String,
        alias: String? = nil,
        tokens: TokenUsage? = nil,
        isEstimated: Bool = false,
        microDollars: Int64? = nil,
        firstTokenMilliseconds: Int64? = nil,
        totalMilliseconds: Int64,
        attempts: Int,
        outcome: String
    ) {
        self.at = at
        self.tokenID = tokenID
        self.conversationID = conversationID
        self.providerID = providerID
        self.model = model
        self.alias = alias
        self.tokens = tokens
        self.isEstimated = isEstimated
        self.microDollars = microDollars
        self.firstTokenMilliseconds = firstTokenMilliseconds
        self.totalMilliseconds = totalMilliseconds
        self.attempts = attempts
        self.outcome = outcome
    }
}
