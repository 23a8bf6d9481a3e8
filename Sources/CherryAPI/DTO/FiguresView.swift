import CherryCore
import CherryObservability

/// The answer of `GET /api/v1/figures`.
struct FiguresView: Encodable {
    let intervalSeconds = FigureHistory.interval.components.seconds
    let points: [FigurePointView]
    let now: FiguresNowView

    init(points: [FigurePointView], now: FiguresNowView) {
        self.points = points
        self.now = now
    }
}

/// How long something took.
struct FigureQuantilesView: Encodable {
    let count: UInt64
    let medianMilliseconds: Double
    let p95Milliseconds: Double

    init(_ quantiles: FigureQuantiles) {
        self.count = quantiles.count
        self.medianMilliseconds = Self.milliseconds(quantiles.median)
        self.p95Milliseconds = Self.milliseconds(quantiles.p95)
    }

    /// To the microsecond.
    private static func milliseconds(_ time: Duration) -> Double { (time / .microseconds(1)).rounded() / 1000 }
}

/// What stands at something.
struct FigureStateView: Encodable {
    let browserStreams: Int
    let doorStreams: Int
    let memoryBytes: Int64
    let openBreakers: Int
    let queued: UInt64
    let lost: UInt64

    init(_ state: FigureState) {
        self.browserStreams = state.browserStreams
        self.doorStreams = state.doorStreams
        self.memoryBytes = state.memoryBytes
        self.openBreakers = state.openBreakers
        self.queued = state.queued
        self.lost = state.lost
    }
}

/// One place of every chart.
struct FigurePointView: Encodable {
    let at: Timestamp
    let requestsPerSecond: [Double]
    let retries: Int
    let failovers: Int
    let firstToken: FigureQuantilesView?
    let recall: FigureQuantilesView?
    let state: FigureStateView

    init(_ point: FigurePoint) {
        self.at = point.at
        self.requestsPerSecond = point.requests.map { ($0 * 1000).rounded() / 1000 }
        self.retries = point.retries
        self.failovers = point.failovers
        self.firstToken = point.firstToken.map(FigureQuantilesView.init)
        self.recall = point.recall.map(FigureQuantilesView.init)
        self.state = FigureStateView(point.state)
    }
}
