extension MetricCatalogue {
    static let models: [MetricDeclaration] = [
        MetricDeclaration(
            "cherry_model_exchanges_total",
            .counter,
            help:
                "Exchanges with a model, by how they ended; an attempt that another model took over counts as its own.",
            labels: Self.target + [
                MetricLabel(
                    "outcome",
                    .among([
                        "complete", "cached", "stopped", "unreachable", "timedOut", "unauthorized", "rateLimited",
                        "refused",
                        "unknownModel", "overloaded", "garbled", "cutOff", "contextTooLong", "localModelMissing",
                        "localModelFailed", "unsupported", "invalid", "denied", "sealed", "other",
                    ])
                )
            ]
        ),
        MetricDeclaration(
            "cherry_model_exchange_duration_seconds",
            .histogram(.latency),
            unit: "seconds",
            help: "From a question to the end of its answer.",
            labels: Self.target
        ),
        MetricDeclaration(
            "cherry_model_first_token_seconds",
            .histogram(.latency),
            unit: "seconds",
            help: "From a question to the first token of its answer.",
            labels: Self.target
        ),
        MetricDeclaration(
            "cherry_model_token_gap_seconds",
            .histogram(.latency),
            unit: "seconds",
            help: "Between two pieces of an answer, as the provider sends them.",
            labels: Self.target
        ),
        MetricDeclaration(
            "cherry_model_tokens_total",
            .counter,
            unit: "tokens",
            help: "Tokens that models read and wrote.",
            labels: Self.target + [MetricLabel("direction", .among(["input", "output"]))]
        ),
        MetricDeclaration(
            "cherry_model_cost_dollars_total",
            .counter,
            unit: "dollars",
            help: "What exchanges cost in US dollars, where the price is known.",
            labels: Self.target + [MetricLabel("direction", .among(["input", "output"]))]
        ),
        MetricDeclaration(
            "cherry_model_retries_total",
            .counter,
            help: "How often the same model was asked again within one exchange.",
            labels: Self.target
        ),
        MetricDeclaration(
            "cherry_model_failovers_total",
            .counter,
            help: "How often an exchange went on to this model after another one failed or was silent.",
            labels: Self.target
        ),
        MetricDeclaration(
            "cherry_model_breaker_state",
            .gauge,
            help: "1 for the state that the circuit breaker of a model is in; models that never failed have none.",
            labels: Self.target + [MetricLabel("state", .among(["closed", "halfOpen", "open"]))]
        ),
    ]

    /// Names that the user gave providers, and that providers give models. Others are `other`.
    private static let target = [
        MetricLabel("provider", .names(limit: 32)), MetricLabel("model", .names(limit: 128)),
    ]
}
