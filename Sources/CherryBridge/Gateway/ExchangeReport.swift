public import CherryCore

/// How one exchange stands, for whoever watches the gateway. Never what is said in it.
public struct ExchangeReport: Sendable, Hashable {
    /// How far it is. Exits: `asking` → `answering`, `ended`; `answering` → `asking` when it goes on elsewhere, `ended`.
    public enum Stage: String, Sendable, CaseIterable {
        /// A model is being chosen or asked, and nothing has come yet.
        case asking
        case answering
        case ended
    }

    /// Names the exchange, also to the client.
    public let id: String
    public var stage: Stage
    public let startedAt: Timestamp
    public let tokenID: RecordID?
    public let conversationID: RecordID?
    /// The name that was asked for.
    public let asked: String
    /// The model that is asked now, or that answered.
    public var target: ModelReference?
    /// How often a model was asked so far.
    public var attempts: Int
    public var firstTokenMilliseconds: Int64?
    public var totalMilliseconds: Int64?
    public var tokens: TokenUsage?
    public var isEstimated: Bool
    /// Millionths of a US dollar.
    public var microDollars: Int64?
    /// As in `UsageRecord`, when it has ended.
    public var outcome: String?

    init(id: String, startedAt: Timestamp, caller: GatewayCaller, asked: String) {
        self.id = id
        self.stage = .asking
        self.startedAt = startedAt
        self.tokenID = caller.token?.id
        self.conversationID = caller.conversationID
        self.asked = asked
        self.target = nil
        self.attempts = 0
        self.isEstimated = false
    }
}
