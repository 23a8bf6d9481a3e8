import CherryCore
import CherryJournal

/// What a chart needs, as it stood at one moment: counts since the start of the process, and states.
struct FigureReading: Sendable, Hashable {
    /// The classes of statuses, in the order of `requests`.
    static let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"]
    /// What has to be read for it.
    static let metrics: Set<String> = [
        "cherry_http_requests_total", "cherry_model_retries_total", "cherry_model_failovers_total",
        "cherry_model_first_token_seconds", "cherry_recall_duration_seconds", "cherry_http_open_streams",
        "cherry_model_breaker_state", "process_resident_memory_bytes",
    ]

    let at: Timestamp
    let requests: [Double]
    let retries: Double
    let failovers: Double
    let firstToken: FigureHistogram
    let recall: FigureHistogram
    let state: FigureState

    init(_ table: FigureTable, ledger: [JournalLedger], at: Timestamp) {
        self.at = at
        self.requests = Self.classes.map { table.sum("cherry_http_requests_total", "status", $0) }
        self.retries = table.sum("cherry_model_retries_total")
        self.failovers = table.sum("cherry_model_failovers_total")
        self.firstToken = table.histogram("cherry_model_first_token_seconds")
        self.recall = table.histogram("cherry_recall_duration_seconds")
        self.state = FigureState(
            browserStreams: Int(table.sum("cherry_http_open_streams", "kind", "browser")),
            doorStreams: Int(table.sum("cherry_http_open_streams", "kind", "door")),
            memoryBytes: Int64(table.sum("process_resident_memory_bytes")),
            openBreakers: Int(table.sum("cherry_model_breaker_state", "state", "open")),
            queued: ledger.reduce(0) { $0 + $1.queued },
            lost: ledger.reduce(0) { $0 + $1.quarantined + $1.dropped.values.reduce(0, +) }
        )
    }
}
