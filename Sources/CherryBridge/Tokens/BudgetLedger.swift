public import CherryCore

/// What each token has spent today and this month, by the calendar of UTC. Restored from the records of usage.
public struct BudgetLedger: Sendable, Hashable {
    /// What was spent in one period.
    public struct Spent: Sendable, Hashable {
        /// Millionths of a US dollar.
        public var microDollars: Int64
        /// Tokens read and written together.
        public var tokens: Int64

        /// Creates an amount; nothing by default.
        public init(microDollars: Int64 = 0, tokens: Int64 = 0) {
            self.microDollars = microDollars
            self.tokens = tokens
        }

        fileprivate mutating func add(_ money: Int64, _ tokens: Int64) {
            self.microDollars = self.microDollars.addingReportingOverflow(money).partialValue
            self.tokens = self.tokens.addingReportingOverflow(tokens).partialValue
        }

        fileprivate func reaches(_ budget: BridgeToken.Budget) -> String? {
            if let limit = budget.microDollars, self.microDollars >= limit { return "money" }
            if let limit = budget.tokens, self.tokens >= limit { return "tokens" }
            return nil
        }
    }

    private struct Account: Hashable {
        var day: Int64
        var ofDay = Spent()
        var month: Int64
        var ofMonth = Spent()

        /// Forgets what belongs to periods that are over.
        mutating func turn(to time: Timestamp) {
            if time.utcDay > self.day {
                self.day = time.utcDay
                self.ofDay = Spent()
            }
            if time.utcMonth > self.month {
                self.month = time.utcMonth
                self.ofMonth = Spent()
            }
        }
    }

    private var accounts: [RecordID: Account] = [:]

    /// Creates a ledger in which nothing is spent.
    public init() {}

    /// Notes what an exchange took. One from a period that is over counts in what is left of the others.
    public mutating func add(_ usage: UsageRecord) {
        guard let token = usage.tokenID else { return }
        let money = max(0, usage.microDollars ?? 0)
        let tokens =
            usage.tokens.map { Int64(clamping: max(0, $0.prompt)) &+ Int64(clamping: max(0, $0.completion)) } ?? 0
        var account =
            self.accounts[token] ?? Account(day: usage.at.utcDay, month: usage.at.utcMonth)
        account.turn(to: usage.at)
        if usage.at.utcDay == account.day { account.ofDay.add(money, tokens) }
        if usage.at.utcMonth == account.month { account.ofMonth.add(money, tokens) }
        self.accounts[token] = account
    }

    /// What a token has spent on the day and in the month of `time`.
    public func spent(by token: RecordID, at time: Timestamp) -> (day: Spent, month: Spent) {
        guard var account = self.accounts[token] else { return (Spent(), Spent()) }
        account.turn(to: time)
        return (account.ofDay, account.ofMonth)
    }

    /// Why a token may not spend any more at `time`; `nil` while it may. The exchange that reaches a budget is completed.
    public func refusal(of token: BridgeToken, at time: Timestamp) -> BridgeError? {
        let spent = self.spent(by: token.id, at: time)
        let day = spent.day.reaches(token.daily)
        guard let what = day ?? spent.month.reaches(token.monthly) else { return nil }
        let end =
            day != nil ? Timestamp(utcDay: time.utcDay + 1) : Timestamp(utcMonth: time.utcMonth + 1)
        return BridgeError(
            .rateLimited,
            message: "The token's budget of \(what) for this \(day != nil ? "day" : "month") is spent.",
            hint: "It begins anew at midnight UTC\(day != nil ? "" : " on the first of the month"), or raise it.",
            retryAfter: end - time
        )
    }
}
