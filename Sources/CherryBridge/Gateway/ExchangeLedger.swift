import CherryCore
import Metrics

/// The account of one exchange: reports how it stands and writes down, once, what each model that was asked took.
struct ExchangeLedger {
    private let gateway: Gateway
    private let route: GatewayRoute
    private let start: Duration
    private var report: ExchangeReport
    private var option: GatewayRoute.Option?
    private(set) var isEnded = false
    /// The instruments of the model that answers, once something was measured.
    private var metrics: ModelMetrics?
    /// When the latest piece of the answer came.
    private var lastPiece: Duration?

    init(id: String, caller: GatewayCaller, asked: String, route: GatewayRoute, gateway: Gateway) {
        self.gateway = gateway
        self.route = route
        self.start = gateway.uptime
        self.report = ExchangeReport(
            id: id,
            startedAt: gateway.dependencies.clock.now,
            caller: caller,
            asked: asked
        )
    }

    var id: String { self.report.id }
    /// Since the request was made.
    var elapsed: Duration { self.gateway.uptime - self.start }

    /// A model is asked.
    mutating func asks(_ option: GatewayRoute.Option, attempts: Int) {
        if attempts > 1 {
            self.gateway.metrics.noteAttempt(at: option.target.model, after: self.option?.target.model)
        }
        self.option = option
        self.metrics = nil
        self.lastPiece = nil
        self.report.stage = .asking
        self.report.target = option.target.model
        self.report.attempts = attempts
        self.gateway.feed.publish(self.report)
    }

    /// The model that answers, where several were asked.
    mutating func answers(_ option: GatewayRoute.Option) {
        self.option = option
        self.report.target = option.target.model
    }

    /// The first token is here.
    mutating func noteFirstToken() {
        if self.report.firstTokenMilliseconds == nil { self.report.firstTokenMilliseconds = self.elapsed.milliseconds }
        self.lastPiece = self.gateway.uptime
        self.report.stage = .answering
        self.gateway.feed.publish(self.report)
    }

    /// A further piece of the answer is here.
    mutating func notePiece() {
        let now = self.gateway.uptime
        defer { self.lastPiece = now }
        guard let lastPiece, let option else { return }
        let metrics = self.metrics ?? self.gateway.metrics[option.target.model]
        self.metrics = metrics
        metrics.gap.record(duration: now - lastPiece)
    }

    /// A model was asked in vain, or its answer broke off, and what it took is known or estimated.
    mutating func lost(_ option: GatewayRoute.Option, outcome: String, tokens: TokenUsage) {
        self.note(self.record(option, outcome: outcome, tokens: tokens, isEstimated: true, attempts: 1), option)
    }

    /// The exchange has ended. Only the first time counts.
    ///
    /// - Parameter tokens: what the last model took; `nil` when it took nothing.
    mutating func end(_ outcome: String, tokens: TokenUsage?, isEstimated: Bool) {
        guard !self.isEnded else { return }
        self.isEnded = true
        let target = self.option ?? self.route.options[0]
        let record = self.record(
            target,
            outcome: outcome,
            tokens: tokens,
            isEstimated: isEstimated,
            attempts: self.report.attempts
        )
        self.note(record, target)
        self.report.stage = .ended
        self.report.outcome = outcome
        self.report.tokens = tokens
        self.report.isEstimated = isEstimated
        self.report.microDollars = record.microDollars
        self.report.totalMilliseconds = record.totalMilliseconds
        self.gateway.feed.publish(self.report)
    }

    private func note(_ record: UsageRecord, _ option: GatewayRoute.Option) {
        let input = record.tokens.map { tokens in
            var read = tokens
            read.completion = 0
            return option.rates?.cost(of: read) ?? 0
        }
        self.gateway.note(record, inputMicroDollars: input)
    }

    private func record(
        _ option: GatewayRoute.Option,
        outcome: String,
        tokens: TokenUsage?,
        isEstimated: Bool,
        attempts: Int
    ) -> UsageRecord {
        UsageRecord(
            at: self.report.startedAt,
            tokenID: self.report.tokenID,
            conversationID: self.report.conversationID,
            providerID: option.target.model.providerID,
            model: option.target.model.model,
            alias: self.route.alias,
            tokens: tokens,
            isEstimated: isEstimated,
            microDollars: tokens.flatMap { tokens in option.rates?.cost(of: tokens) },
            firstTokenMilliseconds: self.report.firstTokenMilliseconds,
            totalMilliseconds: self.elapsed.milliseconds,
            attempts: attempts,
            outcome: outcome
        )
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
