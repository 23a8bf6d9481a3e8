import CherryAssistant
import CherryCore

/// Exchanges added up, as they are sent.
struct UsageSumView: Encodable, Sendable {
    /// Such as `2026-11-24`, in UTC.
    let day: String?
    let model: ModelReference?
    let tokenID: RecordID?
    let conversationID: RecordID?
    let exchanges: Int
    let failures: Int
    let estimated: Int
    let unpriced: Int
    let tokens: TokenUsage
    let microDollars: Int64

    /// Shows a sum.
    init(_ sum: UsageSum) {
        self.day = sum.key.day.map { Timestamp.dateText(utcDay: $0) }
        self.model = sum.key.model
        self.tokenID = sum.key.tokenID
        self.conversationID = sum.key.conversationID
        self.exchanges = sum.exchanges
        self.failures = sum.failures
        self.estimated = sum.estimated
        self.unpriced = sum.unpriced
        self.tokens = sum.tokens
        self.microDollars = sum.microDollars
    }
}
