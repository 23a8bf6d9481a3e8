import CherryCore
import CoreMetrics
import Testing

@testable import CherryObservability

@Suite("Figures as they stand")
struct FiguresNowTests {
    @Test("Each model has what was asked of it, the failures apart, and its breaker")
    func models() async throws {
        let registry = MetricRegistry(MetricCatalogue.all)
        let target = [("provider", "acme"), ("model", "fast")]
        for (outcome, number) in [("complete", 3), ("stopped", 1), ("timedOut", 2)] {
            registry.makeCounter(label: "cherry_model_exchanges_total", dimensions: target + [("outcome", outcome)])
                .increment(by: Int64(number))
        }
        for (direction, tokens, dollars) in [("input", 1000, 0.25), ("output", 20, 0.5)] {
            let labels = target + [("direction", direction)]
            registry.makeCounter(label: "cherry_model_tokens_total", dimensions: labels).increment(by: Int64(tokens))
            registry.makeFloatingPointCounter(label: "cherry_model_cost_dollars_total", dimensions: labels)
                .increment(by: dollars)
        }
        registry.makeCounter(label: "cherry_model_retries_total", dimensions: target).increment(by: 4)
        registry.makeTimer(label: "cherry_model_first_token_seconds", dimensions: target).recordNanoseconds(500_000_000)
        registry.collect {
            ["closed", "halfOpen", "open"].map { state in
                let labels = ["provider": "acme", "model": "fast", "state": state]
                return CollectedSample("cherry_model_breaker_state", labels: labels, state == "open" ? 1 : 0)
            }
        }
        let history = FigureHistory(registry) { [] }
        let now = await history.now()
        #expect(now.models.count == 1)
        let model = try #require(now.models.first)
        #expect(model.exchanges == 6)
        #expect(model.failures == 2)
        #expect(model.inputTokens == 1000)
        #expect(model.outputTokens == 20)
        #expect(model.microDollars == 750_000)
        #expect(model.retries == 4)
        #expect(model.breaker == "open")
        #expect(model.firstToken?.count == 1)
        #expect(now.state.openBreakers == 1)
    }

    @Test("What charts read is declared")
    func declared() {
        let known = Set(MetricCatalogue.all.map(\.name))
        #expect(FiguresNow.metrics.isSubset(of: known))
        for name in ["cherry_model_first_token_seconds", "cherry_recall_duration_seconds"] {
            guard case .histogram(let shape) = MetricCatalogue.all.first(where: { $0.name == name })?.kind else {
                Issue.record("\(name) is no histogram")
                continue
            }
            #expect(shape.nativeFrom != nil, "\(name) has no native buckets, which quantiles are made of")
        }
    }

    @Test("Without any figures there are none, and nothing fails")
    func empty() async {
        let history = FigureHistory(MetricRegistry([])) { [] }
        await history.sample()
        await history.sample()
        #expect(history.points().count == 1)
        let now = await history.now()
        #expect(now.models.isEmpty)
        #expect(now.requests == [0, 0, 0, 0, 0])
    }
}
