import CherryCore
import Metrics

/// The instruments of one model.
struct ModelMetrics: Sendable {
    private let labels: [(String, String)]
    private let factory: any MetricsFactory
    private let complete: Counter
    private let duration: Timer
    private let firstToken: Timer
    /// Between two pieces of an answer.
    let gap: Timer
    private let inputTokens: Counter
    private let outputTokens: Counter
    private let inputCost: FloatingPointCounter
    private let outputCost: FloatingPointCounter
    let retries: Counter
    let failovers: Counter

    /// - Parameters:
    ///   - provider: what stands before the slash in `provider/model`.
    ///   - model: the provider's name for it; both from what the user set and providers list, never from a request.
    init(provider: String, model: String, factory: any MetricsFactory) {
        let labels = [("provider", provider), ("model", model)]
        func timer(_ name: String) -> Timer { Timer(label: name, dimensions: labels, factory: factory) }
        func counter(_ name: String, _ more: (String, String)...) -> Counter {
            Counter(label: name, dimensions: labels + more, factory: factory)
        }
        func cost(_ direction: String) -> FloatingPointCounter {
            FloatingPointCounter(
                label: "cherry_model_cost_dollars_total",
                dimensions: labels + [("direction", direction)],
                factory: factory
            )
        }
        self.labels = labels
        self.factory = factory
        self.complete = counter("cherry_model_exchanges_total", ("outcome", UsageRecord.complete))
        self.duration = timer("cherry_model_exchange_duration_seconds")
        self.firstToken = timer("cherry_model_first_token_seconds")
        self.gap = timer("cherry_model_token_gap_seconds")
        self.inputTokens = counter("cherry_model_tokens_total", ("direction", "input"))
        self.outputTokens = counter("cherry_model_tokens_total", ("direction", "output"))
        self.inputCost = cost("input")
        self.outputCost = cost("output")
        self.retries = counter("cherry_model_retries_total")
        self.failovers = counter("cherry_model_failovers_total")
    }

    /// An exchange has ended, or an attempt that was given up.
    ///
    /// - Parameter inputMicroDollars: the part of the cost that is for what was read.
    func note(_ usage: UsageRecord, inputMicroDollars: Int64?) {
        guard usage.attempts > 0 else { return self.count("cached") }
        if usage.outcome == UsageRecord.complete { self.complete.increment() } else { self.count(usage.outcome) }
        self.duration.recordMilliseconds(usage.totalMilliseconds)
        if let time = usage.firstTokenMilliseconds { self.firstToken.recordMilliseconds(time) }
        if let tokens = usage.tokens {
            self.inputTokens.increment(by: tokens.prompt)
            self.outputTokens.increment(by: tokens.completion)
        }
        if let cost = usage.microDollars, cost > 0 {
            let input = min(cost, inputMicroDollars ?? 0)
            self.inputCost.increment(by: Double(input) / 1e6)
            self.outputCost.increment(by: Double(cost - input) / 1e6)
        }
    }

    /// What is rare has no instrument of its own here.
    private func count(_ outcome: String) {
        Counter(
            label: "cherry_model_exchanges_total",
            dimensions: self.labels + [("outcome", outcome)],
            factory: self.factory
        ).increment()
    }
}
