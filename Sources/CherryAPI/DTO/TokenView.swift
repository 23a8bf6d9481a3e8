import CherryBridge
import CherryCore

/// A token as it is sent: without its digest, with what it has spent.
struct TokenView: Encodable, Sendable {
    /// What was spent in one period.
    struct Spent: Encodable, Sendable {
        let microDollars: Int64
        let tokens: Int64

        init(_ spent: BudgetLedger.Spent) {
            self.microDollars = spent.microDollars
            self.tokens = spent.tokens
        }
    }

    let id: RecordID
    let name: String
    let prefix: String
    let models: [String]?
    let contextAccess: BridgeToken.ContextAccess
    let requestsPerMinute: Int?
    let daily: BridgeToken.Budget
    let monthly: BridgeToken.Budget
    let cacheSeconds: Int?
    let semanticCache: BridgeToken.SemanticCache?
    let createdAt: Timestamp
    let expiresAt: Timestamp?
    let revokedAt: Timestamp?
    let lastUsedAt: Timestamp?
    let spentToday: Spent
    let spentThisMonth: Spent

    /// Shows a token.
    init(_ token: BridgeToken, spent: (day: BudgetLedger.Spent, month: BudgetLedger.Spent)) {
        self.id = token.id
        self.name = token.name
        self.prefix = token.prefix
        self.models = token.models
        self.contextAccess = token.contextAccess
        self.requestsPerMinute = token.requestsPerMinute
        self.daily = token.daily
        self.monthly = token.monthly
        self.cacheSeconds = token.cacheSeconds
        self.semanticCache = token.semanticCache
        self.createdAt = token.createdAt
        self.expiresAt = token.expiresAt
        self.revokedAt = token.revokedAt
        self.lastUsedAt = token.lastUsedAt
        self.spentToday = Spent(spent.day)
        self.spentThisMonth = Spent(spent.month)
    }
}
