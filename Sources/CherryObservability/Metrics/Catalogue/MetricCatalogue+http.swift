extension MetricCatalogue {
    static let http: [MetricDeclaration] = [
        MetricDeclaration(
            "cherry_http_requests_total",
            .counter,
            help: "Requests that were answered, by the template of their route.",
            labels: [route, method, MetricLabel("status", .among(["1xx", "2xx", "3xx", "4xx", "5xx"]))],
            isSparse: true
        ),
        MetricDeclaration(
            "cherry_http_request_duration_seconds",
            .histogram(.latency),
            unit: "seconds",
            help: "From a request to the beginning of its answer; a stream goes on after that.",
            labels: [route, method],
            isSparse: true
        ),
        MetricDeclaration(
            "cherry_http_open_streams",
            .gauge,
            help: "Answers that are being sent as they come: to browsers, and to tools at the doors.",
            labels: [MetricLabel("kind", .among(["browser", "door"]))]
        ),
        MetricDeclaration("cherry_hub_connections", .gauge, help: "Tools that are connected to the hub."),
        MetricDeclaration(
            "cherry_sync_lag_changes",
            .histogram(.amount),
            unit: "changes",
            help: "How many changes a browser was behind when it asked for what is new."
        ),
    ]

    private static let route = MetricLabel("route", .names(limit: 200))
    private static let method = MetricLabel(
        "method",
        .among(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"])
    )
}
