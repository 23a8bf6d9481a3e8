/// What was asked of one model since the start of the process.
public struct ModelFigures: Sendable, Hashable {
    /// The names that the metrics have: a model that is not known to the settings is `other`.
    public let provider: String
    public let model: String
    public internal(set) var exchanges = 0
    /// Those of them that came to no good end; stopped ones are not among them.
    public internal(set) var failures = 0
    public internal(set) var inputTokens = 0
    public internal(set) var outputTokens = 0
    /// Millionths of a US dollar, where the price is known.
    public internal(set) var microDollars: Int64 = 0
    public internal(set) var retries = 0
    /// How often it took over from another one.
    public internal(set) var failovers = 0
    public internal(set) var firstToken: FigureQuantiles?
    /// `closed`, `halfOpen` or `open`; `nil` when it never failed.
    public internal(set) var breaker: String?
    private var histogram = FigureHistogram()

    private init(provider: String, model: String) {
        self.provider = provider
        self.model = model
    }

    /// What has to be read for it.
    static let metrics: Set<String> = [
        "cherry_model_exchanges_total", "cherry_model_tokens_total", "cherry_model_cost_dollars_total",
        "cherry_model_retries_total", "cherry_model_failovers_total", "cherry_model_first_token_seconds",
        "cherry_model_breaker_state",
    ]

    /// Of every model there is a figure of, by provider and name.
    static func all(in table: FigureTable) -> [ModelFigures] {
        var all: [[String]: ModelFigures] = [:]
        for name in self.metrics {
            for series in table.series(name) where !series.value.isUnused {
                guard let provider = series.labels["provider"], let model = series.labels["model"] else { continue }
                var figures = all[[provider, model]] ?? ModelFigures(provider: provider, model: model)
                figures.add(series, of: name)
                all[[provider, model]] = figures
            }
        }
        return all.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { _, figures in
            var figures = figures
            figures.firstToken = FigureQuantiles(figures.histogram)
            return figures
        }
    }

    private mutating func add(_ series: FamilySnapshot.Series, of name: String) {
        let number = Int(series.value.number)
        switch name {
        case "cherry_model_exchanges_total":
            self.exchanges += number
            if !["complete", "cached", "stopped"].contains(series.labels["outcome"]) { self.failures += number }
        case "cherry_model_tokens_total" where series.labels["direction"] == "input": self.inputTokens += number
        case "cherry_model_tokens_total": self.outputTokens += number
        case "cherry_model_cost_dollars_total":
            self.microDollars += Int64((series.value.number * 1_000_000).rounded())
        case "cherry_model_retries_total": self.retries += number
        case "cherry_model_failovers_total": self.failovers += number
        case "cherry_model_breaker_state": self.breaker = series.labels["state"]
        case "cherry_model_first_token_seconds":
            if case .histogram(let value) = series.value { self.histogram.add(value) }
        default: break
        }
    }
}
