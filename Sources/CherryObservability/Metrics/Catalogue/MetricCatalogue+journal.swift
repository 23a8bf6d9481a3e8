extension MetricCatalogue {
    static let journal: [MetricDeclaration] = [
        MetricDeclaration(
            "cherry_journal_produced_total",
            .counter,
            help: "Records that a destination was to be sent, since it was set up first.",
            labels: [destination]
        ),
        MetricDeclaration(
            "cherry_journal_sent_total",
            .counter,
            help: "Records that a destination has.",
            labels: [destination]
        ),
        MetricDeclaration(
            "cherry_journal_dropped_total",
            .counter,
            help: "Records that a destination will never get, by why that is.",
            labels: [destination, MetricLabel("reason", .among(JournalMetrics.reasons))]
        ),
        MetricDeclaration(
            "cherry_journal_queued_records",
            .gauge,
            unit: "records",
            help: "Records that wait for a destination, or are on their way.",
            labels: [destination]
        ),
        MetricDeclaration(
            "cherry_journal_quarantined_records",
            .gauge,
            unit: "records",
            help: "Records that a destination refused for good and that wait for a person.",
            labels: [destination]
        ),
        MetricDeclaration(
            "cherry_journal_segment_bytes",
            .gauge,
            unit: "bytes",
            help: "Room that the journal's segments take."
        ),
        MetricDeclaration(
            "cherry_journal_segment_limit_bytes",
            .gauge,
            unit: "bytes",
            help: "Room that the journal's segments may take."
        ),
    ]

    private static let destination = MetricLabel("destination", .among(JournalMetrics.destinations))
}
