public import CherryCore
public import CherryJournal

/// How figures stand, counted since the start of the process.
public struct FiguresNow: Sendable, Hashable {
    /// What has to be read for it.
    static let metrics: Set<String> = FigureReading.metrics.union(ModelFigures.metrics).union([
        "cherry_cache_reads_total", "process_cpu_seconds_total", "process_open_fds", "process_threads",
        "process_start_time_seconds",
    ])

    public let at: Timestamp
    /// When the process started.
    public let since: Timestamp
    /// By the class of their status: 1xx to 5xx.
    public let requests: [Int]
    public let state: FigureState
    public let recall: FigureQuantiles?
    public let firstToken: FigureQuantiles?
    public let models: [ModelFigures]
    public let cacheHits: Int
    public let cacheMisses: Int
    /// Processor time spent.
    public let cpu: Duration
    public let threads: Int
    public let openFiles: Int
    /// What became of everything, for each destination there is or was.
    public let ledger: [JournalLedger]

    init(_ table: FigureTable, ledger: [JournalLedger], at: Timestamp) {
        let reading = FigureReading(table, ledger: ledger, at: at)
        self.at = at
        self.since = Timestamp(milliseconds: Int64(table.sum("process_start_time_seconds") * 1000))
        self.requests = reading.requests.map { Int($0) }
        self.state = reading.state
        self.recall = FigureQuantiles(reading.recall)
        self.firstToken = FigureQuantiles(reading.firstToken)
        self.models = ModelFigures.all(in: table)
        self.cacheHits = Int(table.sum("cherry_cache_reads_total", "result", "hit"))
        self.cacheMisses = Int(table.sum("cherry_cache_reads_total", "result", "miss"))
        self.cpu = .seconds(table.sum("process_cpu_seconds_total"))
        self.threads = Int(table.sum("process_threads"))
        self.openFiles = Int(table.sum("process_open_fds"))
        self.ledger = ledger
    }
}
