import CherryBridge
import CherryCore
import Testing

@Suite("Budgets")
struct BudgetLedgerTests {
    private static let id = RecordID.make()
    /// 2026-11-24T12:00:00Z.
    private static let noon = Timestamp(utcDay: 20_781) + .seconds(43_200)

    private var ledger = BudgetLedger()

    private static func token(daily: BridgeToken.Budget = .init(), monthly: BridgeToken.Budget = .init()) -> BridgeToken
    {
        BridgeToken(id: Self.id, name: "t", digest: "", prefix: "", daily: daily, monthly: monthly)
    }

    private static func usage(_ money: Int64?, _ tokens: Int, at time: Timestamp = noon, by id: RecordID? = id)
        -> UsageRecord
    {
        UsageRecord(
            at: time,
            tokenID: id,
            providerID: ModelReference.localProvider,
            model: "m",
            tokens: TokenUsage(prompt: tokens, completion: 1),
            microDollars: money,
            totalMilliseconds: 1,
            attempts: 1,
            outcome: UsageRecord.complete
        )
    }

    @Test("Money is counted to the millionth, and the budget ends exactly where it says")
    mutating func money() {
        let token = Self.token(daily: .init(microDollars: 100))
        #expect(self.ledger.refusal(of: token, at: Self.noon) == nil)
        self.ledger.add(Self.usage(99, 5))
        #expect(self.ledger.refusal(of: token, at: Self.noon) == nil)
        self.ledger.add(Self.usage(1, 5))
        let refusal = self.ledger.refusal(of: token, at: Self.noon)
        #expect(refusal?.code == .rateLimited)
        #expect(refusal?.retryAfter == .seconds(43_200))
        #expect(refusal?.message.contains("money") == true)
    }

    @Test("Tokens are counted, read and written, also where the price is not known")
    mutating func tokens() {
        let token = Self.token(monthly: .init(tokens: 22))
        self.ledger.add(Self.usage(nil, 10))
        #expect(self.ledger.refusal(of: token, at: Self.noon) == nil)
        self.ledger.add(Self.usage(nil, 10))
        let refusal = self.ledger.refusal(of: token, at: Self.noon)
        // Until 2026-12-01.
        #expect(refusal?.retryAfter == .seconds(6 * 86_400 + 43_200))
        #expect(refusal?.message.contains("month") == true)
    }

    @Test("A new day begins with nothing spent; the month goes on")
    mutating func days() {
        self.ledger.add(Self.usage(100, 9))
        let tomorrow = Self.noon + .seconds(43_200)
        #expect(self.ledger.spent(by: Self.id, at: tomorrow - .milliseconds(1)).day.microDollars == 100)
        #expect(self.ledger.spent(by: Self.id, at: tomorrow).day == BudgetLedger.Spent())
        #expect(self.ledger.spent(by: Self.id, at: tomorrow).month.microDollars == 100)
        self.ledger.add(Self.usage(1, 9, at: tomorrow))
        #expect(self.ledger.spent(by: Self.id, at: tomorrow).day.microDollars == 1)
        #expect(self.ledger.spent(by: Self.id, at: tomorrow).month.microDollars == 101)
        #expect(
            self.ledger.spent(by: Self.id, at: Timestamp(utcMonth: tomorrow.utcMonth + 1)).month == BudgetLedger.Spent()
        )
    }

    @Test("An exchange that began yesterday and ends today counts for the month alone")
    mutating func late() {
        self.ledger.add(Self.usage(1, 9))
        self.ledger.add(Self.usage(10, 9, at: Self.noon - .seconds(86_400)))
        #expect(self.ledger.spent(by: Self.id, at: Self.noon).day.microDollars == 1)
        #expect(self.ledger.spent(by: Self.id, at: Self.noon).month.microDollars == 11)
        self.ledger.add(Self.usage(100, 9, at: Timestamp(utcMonth: Self.noon.utcMonth) - .milliseconds(1)))
        #expect(self.ledger.spent(by: Self.id, at: Self.noon).month.microDollars == 11)
    }

    @Test("Tokens are apart from each other, and the product itself has no budget")
    mutating func apart() {
        self.ledger.add(Self.usage(50, 9, by: .make()))
        self.ledger.add(Self.usage(50, 9, by: nil))
        #expect(self.ledger.spent(by: Self.id, at: Self.noon).month == BudgetLedger.Spent())
    }

    @Test("The order in which records are read again does not matter")
    func restored() {
        let records = (0..<40).map { number in
            Self.usage(Int64(number), number, at: Timestamp(utcDay: 20_781 - Int64(number)) + .seconds(60))
        }
        var (forwards, backwards) = (BudgetLedger(), BudgetLedger())
        for record in records { forwards.add(record) }
        for record in records.reversed() { backwards.add(record) }
        let spent = forwards.spent(by: Self.id, at: Self.noon)
        #expect(backwards.spent(by: Self.id, at: Self.noon) == spent)
        #expect(spent.day == BudgetLedger.Spent(microDollars: 0, tokens: 1))
        #expect(spent.month.microDollars == (0..<24).reduce(0, +))
    }

    @Test("What a provider cannot have meant neither overflows nor gives money back")
    mutating func absurd() {
        self.ledger.add(Self.usage(-5, -7))
        #expect(self.ledger.spent(by: Self.id, at: Self.noon).day == BudgetLedger.Spent(microDollars: 0, tokens: 1))
    }
}
