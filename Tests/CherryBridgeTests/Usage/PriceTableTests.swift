import CherryBridge
import CherryCore
import Testing

@Suite("Prices")
struct PriceTableTests {
    private static let provider = RecordID.make()

    private static func price(_ pattern: String, _ input: Int64, for provider: RecordID? = nil) -> ModelPrice {
        ModelPrice(pattern: pattern, providerID: provider, rates: TokenRates(input: input, output: 0))
    }

    private static func rates(_ table: PriceTable, _ model: String, isLocal: Bool = false) -> TokenRates? {
        table.rates(for: ModelReference(providerID: Self.provider, model: model), isLocal: isLocal)
    }

    @Test("The pattern that says most wins, whatever the order")
    func longest() {
        let prices = [Self.price("m*", 1), Self.price("m-large*", 3), Self.price("m-large-2", 4), Self.price("*", 2)]
        for own in [prices, prices.reversed()] {
            let table = PriceTable(own: own)
            #expect(Self.rates(table, "m-large-2")?.input == 4)
            #expect(Self.rates(table, "M-Large-20")?.input == 3)
            #expect(Self.rates(table, "m-small")?.input == 1)
            #expect(Self.rates(table, "other")?.input == 2)
        }
    }

    @Test("The user's own price wins over the built-in one, and one for this provider over one for any")
    func own() throws {
        let builtIn = try #require(Self.rates(PriceTable(), "gpt-4o-mini"))
        #expect(builtIn.input == 150_000)
        #expect(builtIn.output == 600_000)
        #expect(builtIn.cachedInput == 75_000)
        #expect(Self.rates(PriceTable(own: [Self.price("gpt*", 7)]), "gpt-4o-mini")?.input == 7)
        let both = PriceTable(own: [Self.price("gpt-4o-mini", 7), Self.price("*", 8, for: Self.provider)])
        #expect(Self.rates(both, "gpt-4o-mini")?.input == 8)
        let elsewhere = PriceTable(own: [Self.price("*", 8, for: .make())])
        #expect(Self.rates(elsewhere, "gpt-4o-mini") == builtIn)
    }

    @Test("A model that nobody has priced has no price, and one of this machine costs nothing")
    func unknown() {
        #expect(Self.rates(PriceTable(), "no-such-model") == nil)
        #expect(Self.rates(PriceTable(), "no-such-model", isLocal: true) == TokenRates(input: 0, output: 0))
        #expect(Self.rates(PriceTable(), "gpt-4o", isLocal: true) == TokenRates(input: 0, output: 0))
        #expect(Self.rates(PriceTable(own: [Self.price("gpt*", 7)]), "gpt-4o", isLocal: true)?.input == 7)
    }

    @Test("Names with a date find the price of their model, and no model finds that of a bigger one")
    func names() {
        let table = PriceTable()
        #expect(Self.rates(table, "claude-opus-4-5-20251101")?.input == 5_000_000)
        #expect(Self.rates(table, "claude-opus-4-1-20250805")?.input == 15_000_000)
        #expect(Self.rates(table, "claude-sonnet-4-5")?.cacheWrite == 3_750_000)
        #expect(Self.rates(table, "gpt-5-mini-2025-08-07")?.input == 250_000)
        #expect(Self.rates(table, "gpt-5-2025-08-07")?.input == 1_250_000)
        #expect(Self.rates(table, "gpt-5.4-mini")?.input == 750_000)
        #expect(Self.rates(table, "gemini-2.5-flash-lite")?.input == 100_000)
    }

    @Test("Every built-in price says when it was read, and none stands twice")
    func builtIn() {
        #expect(Set(PriceTable.builtIn.map(\.pattern)).count == PriceTable.builtIn.count)
        for price in PriceTable.builtIn {
            #expect(price.asOf.wholeMatch(of: /20\d\d-[01]\d-[0-3]\d/) != nil)
            #expect(price.rates.input > 0 && price.rates.output >= 0)
            #expect(price.rates.cachedInput.map { $0 > 0 && $0 < price.rates.input } ?? true)
        }
    }
}
