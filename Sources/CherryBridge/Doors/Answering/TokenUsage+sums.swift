import CherryCore

extension TokenUsage {
    /// All tokens; numbers that a provider made up may be too large to be added.
    var total: Int { Self.clamped(self.prompt.addingReportingOverflow(self.completion)) }

    /// Tokens that were read without the cache, for APIs that do not count them together.
    var uncachedPrompt: Int {
        let cached = Self.clamped(self.cachedPrompt.addingReportingOverflow(self.cacheWrite))
        return max(0, Self.clamped(self.prompt.subtractingReportingOverflow(cached)))
    }

    private static func clamped(_ sum: (partialValue: Int, overflow: Bool)) -> Int {
        sum.overflow ? .max : sum.partialValue
    }
}
