/// What the user says that a model costs. Wins over the prices that come with the program.
public struct ModelPrice: Codable, Sendable, Hashable {
    public let id: RecordID
    /// The model's name as its provider has it, `*` at the end standing for any rest.
    public var pattern: String
    /// The provider that asks this price; `nil` is any.
    public var providerID: RecordID?
    public var rates: TokenRates
    public var updatedAt: Timestamp

    /// Creates a price.
    public init(
        id: RecordID = .make(),
        pattern: String,
        providerID: RecordID? = nil,
        rates: TokenRates,
        updatedAt: Timestamp = .now
    ) {
        self.id = id
        self.pattern = pattern
        self.providerID = providerID
        self.rates = rates
        self.updatedAt = updatedAt
    }
}

/// Prices of tokens, each in millionths of a US dollar for a million tokens.
public struct TokenRates: Codable, Sendable, Hashable {
    /// Tokens that are read.
    public var input: Int64
    /// Tokens that are generated.
    public var output: Int64
    /// Tokens that are read from the provider's cache; `nil` is the price of `input`.
    public var cachedInput: Int64?
    /// Tokens that are written to the provider's cache; `nil` is the price of `input`.
    public var cacheWrite: Int64?
    /// Tokens of reasoning; `nil` is the price of `output`.
    public var reasoning: Int64?

    /// Creates prices.
    public init(
        input: Int64,
        output: Int64,
        cachedInput: Int64? = nil,
        cacheWrite: Int64? = nil,
        reasoning: Int64? = nil
    ) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
    }

    /// What `usage` costs, in millionths of a US dollar, rounded half up.
    public func cost(of usage: TokenUsage) -> Int64 {
        let cached = min(max(usage.cachedPrompt, 0), usage.prompt)
        let written = min(max(usage.cacheWrite, 0), usage.prompt - cached)
        let reasoning = min(max(usage.reasoning, 0), usage.completion)
        let parts = [
            (usage.prompt - cached - written, self.input), (cached, self.cachedInput ?? self.input),
            (written, self.cacheWrite ?? self.input), (usage.completion - reasoning, self.output),
            (reasoning, self.reasoning ?? self.output),
        ]
        // In whole millions and the rest, so that no product overflows for any count that a provider can send.
        let million: Int64 = 1_000_000
        var whole: Int64 = 0
        var rest: Int64 = 0
        for (count, price) in parts {
            let count = Int64(max(0, min(count, 1 << 40)))
            whole += count / million * price
            rest += count % million * price
        }
        return whole + (rest + million / 2) / million
    }
}
