import CherryCore
import CherryJournal
import CherryObservability

/// How figures stand, counted since the start of the process.
struct FiguresNowView: Encodable {
    struct Model: Encodable {
        let provider: String
        let model: String
        let exchanges: Int
        let failures: Int
        let inputTokens: Int
        let outputTokens: Int
        let microDollars: Int64
        let retries: Int
        let failovers: Int
        let firstToken: FigureQuantilesView?
        let breaker: String?

        init(_ model: ModelFigures) {
            self.provider = model.provider
            self.model = model.model
            self.exchanges = model.exchanges
            self.failures = model.failures
            self.inputTokens = model.inputTokens
            self.outputTokens = model.outputTokens
            self.microDollars = model.microDollars
            self.retries = model.retries
            self.failovers = model.failovers
            self.firstToken = model.firstToken.map(FigureQuantilesView.init)
            self.breaker = model.breaker
        }
    }

    struct Journal: Encodable {
        let destination: String
        let isRemoved: Bool
        let ledger: LedgerView
    }

    let at: Timestamp
    let since: Timestamp
    let requests: [Int]
    let state: FigureStateView
    let firstToken: FigureQuantilesView?
    let recall: FigureQuantilesView?
    let models: [Model]
    let cacheHits: Int
    let cacheMisses: Int
    let cpuSeconds: Double
    let threads: Int
    let openFiles: Int
    let journal: [Journal]

    init(_ now: FiguresNow) {
        self.at = now.at
        self.since = now.since
        self.requests = now.requests
        self.state = FigureStateView(now.state)
        self.firstToken = now.firstToken.map(FigureQuantilesView.init)
        self.recall = now.recall.map(FigureQuantilesView.init)
        self.models = now.models.map(Model.init)
        self.cacheHits = now.cacheHits
        self.cacheMisses = now.cacheMisses
        self.cpuSeconds = (now.cpu / .milliseconds(1)).rounded() / 1000
        self.threads = now.threads
        self.openFiles = now.openFiles
        self.journal = now.ledger.map {
            Journal(destination: $0.destination, isRemoved: $0.isRemoved, ledger: .init($0))
        }
    }
}
