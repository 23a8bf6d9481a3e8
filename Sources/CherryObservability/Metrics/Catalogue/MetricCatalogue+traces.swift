extension MetricCatalogue {
    static let traces: [MetricDeclaration] = [
        MetricDeclaration(
            "cherry_traces_total",
            .counter,
            help: "Traces that began here: kept, outside of the share, or too many.",
            labels: [MetricLabel("outcome", .among(["kept", "share", "rate"]))]
        )
    ]
}
