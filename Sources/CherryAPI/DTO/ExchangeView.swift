import CherryBridge
import CherryCore

/// How an exchange stands, as it is sent. Never what is said in it.
struct ExchangeView: Encodable, Sendable {
    let id: String
    let stage: String
    let startedAt: Timestamp
    let tokenID: RecordID?
    let conversationID: RecordID?
    let asked: String
    let target: ModelReference?
    let attempts: Int
    let firstTokenMilliseconds: Int64?
    let totalMilliseconds: Int64?
    let tokens: TokenUsage?
    let isEstimated: Bool
    let microDollars: Int64?
    let outcome: String?

    /// Shows a report.
    init(_ report: ExchangeReport) {
        self.id = report.id
        self.stage = report.stage.rawValue
        self.startedAt = report.startedAt
        self.tokenID = report.tokenID
        self.conversationID = report.conversationID
        self.asked = report.asked
        self.target = report.target
        self.attempts = report.attempts
        self.firstTokenMilliseconds = report.firstTokenMilliseconds
        self.totalMilliseconds = report.totalMilliseconds
        self.tokens = report.tokens
        self.isEstimated = report.isEstimated
        self.microDollars = report.microDollars
        self.outcome = report.outcome
    }
}
