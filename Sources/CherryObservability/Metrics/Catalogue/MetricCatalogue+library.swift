extension MetricCatalogue {
    static let library: [MetricDeclaration] = [
        MetricDeclaration(
            "cherry_recall_duration_seconds",
            .histogram(.work),
            unit: "seconds",
            help: "How long it took to find what was said or noted before.",
            labels: [Self.kind]
        ),
        MetricDeclaration(
            "cherry_recall_hits",
            .histogram(.amount),
            help: "How much was found.",
            labels: [Self.kind]
        ),
    ]

    /// Messages alone, or everything that is remembered.
    private static let kind = MetricLabel("kind", .among(["messages", "context"]))
}
