extension MetricCatalogue {
    static let storage: [MetricDeclaration] = [
        MetricDeclaration(
            "cherry_store_operation_duration_seconds",
            .histogram(.work),
            unit: "seconds",
            help: "How long the store of records took.",
            labels: [
                MetricLabel("operation", .among(["read", "list", "changes", "write", "maintenance"]))
            ]
        ),
        MetricDeclaration(
            "cherry_store_errors_total",
            .counter,
            help: "Operations of the store of records that failed, conflicts of versions aside.",
            labels: [
                MetricLabel("operation", .among(["read", "list", "changes", "write", "maintenance"]))
            ]
        ),
        MetricDeclaration(
            "cherry_cache_operation_duration_seconds",
            .histogram(.work),
            unit: "seconds",
            help: "How long the cache took.",
            labels: [MetricLabel("operation", .among(["read", "write"]))]
        ),
        MetricDeclaration(
            "cherry_cache_reads_total",
            .counter,
            help: "Values that were looked for in the cache.",
            labels: [MetricLabel("result", .among(["hit", "miss", "error"]))]
        ),
    ]
}
