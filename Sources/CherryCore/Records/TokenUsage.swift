/// Tokens of one exchange, as the provider counted them.
public struct TokenUsage: Sendable, Hashable, Codable {
    /// All that was read, cached tokens included.
    public var prompt: Int
    /// All that was generated, reasoning included.
    public var completion: Int
    /// Part of `prompt` that was read from the provider's cache.
    public var cachedPrompt: Int
    /// Part of `prompt` that was written to the provider's cache.
    public var cacheWrite: Int
    /// Part of `completion` that was reasoning.
    public var reasoning: Int

    /// Creates a count.
    public init(prompt: Int, completion: Int, cachedPrompt: Int = 0, cacheWrite: Int = 0, reasoning: Int = 0) {
        self.prompt = prompt
        self.completion = completion
        self.cachedPrompt = cachedPrompt
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
    }
}
