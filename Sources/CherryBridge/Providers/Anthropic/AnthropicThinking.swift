import CherryCore

/// How a Claude model is told to think.
///
/// Models since version 4.6 decide for themselves how long, within an effort (`thinking.type: adaptive` and
/// `output_config.effort`); earlier ones take a number of tokens (`thinking.type: enabled`). A number is sent as it is to
/// all of them: a model that takes none says so itself.
struct AnthropicThinking {
    /// The fewest tokens of thought that the API takes.
    private static let leastBudget = 1_024

    /// The value of `thinking`.
    let config: JSONValue
    /// The value of `output_config.effort`.
    let effort: String?
    /// The value of `max_tokens`, which thought counts towards.
    let maxTokens: Int

    /// - Parameters:
    ///   - defaultMaxTokens: room for the answer when the request sets no limit; thought gets its own beside it.
    ///   - provider: who is named when the request asks for what cannot be.
    init(_ effort: ReasoningEffort, of request: ChatRequest, defaultMaxTokens: Int, by provider: String) throws {
        // More than any model can; the sum must not overflow.
        let wanted = min(effort.budget, 1 << 31)
        let most = request.maxTokens ?? defaultMaxTokens + wanted
        self.maxTokens = most
        if effort == .none {
            self.config = ["type": "disabled"]
            self.effort = nil
        } else if let level = effort.level, Self.isAdaptive(request.model) {
            self.config = ["type": "adaptive", "display": "summarized"]
            self.effort = level
        } else {
            guard wanted >= Self.leastBudget, most > Self.leastBudget else {
                throw BridgeError.unsupported(
                    "reasoning with less than \(Self.leastBudget) tokens for it",
                    by: provider
                )
            }
            self.config = ["type": "enabled", "budget_tokens": .integer(Int64(min(wanted, most - 1)))]
            self.effort = nil
        }
    }

    /// Whether a model decides for itself: Claude 4.6 and later, and Claude models without a version.
    static func isAdaptive(_ model: String) -> Bool {
        guard model.contains("claude") else { return false }
        guard let match = model.firstMatch(of: /claude-(?:[a-z]+-)?(\d+)(?:[-.](\d{1,2})(?!\d))?/),
            let major = Int(match.1)
        else { return true }
        let minor = match.2.flatMap { Int($0) } ?? 0
        return (major, minor) >= (4, 6)
    }
}
