public import CherryCore
public import CoreMetrics
import Synchronization

/// Keeps the figures of all metrics that are declared, and gives them to whoever exposes them.
///
/// It is a backend of swift-metrics. What asks for a metric that is not declared, or with labels that are not, gets a
/// handler that does nothing, and is counted in `cherry_metrics_rejected_instruments_total`. Handlers live as long as the
/// registry: make them once and keep them.
public final class MetricRegistry: MetricsFactory {
    /// Reads figures at the moment of a scrape.
    public typealias Collector = @Sendable () -> [CollectedSample]

    private struct State {
        var families: [MetricFamily]
        var places: [String: Int]
        var collectors: [Collector] = []
    }

    private let state: Mutex<State>
    private let clock: WallClock
    private let rejected: [Rejection: CounterSeries]

    /// - Parameters:
    ///   - declarations: what may be recorded. One whose name was declared before it, or that has faults, is left out.
    ///   - clock: says when an exemplar was recorded.
    public init(
        _ declarations: [MetricDeclaration],
        clock: WallClock = .system
    ) {
        var state = State(families: [], places: [:])
        for declaration in [Self.rejections] + declarations
        where declaration.faults.isEmpty && state.places[declaration.name] == nil {
            state.places[declaration.name] = state.families.count
            state.families.append(MetricFamily(declaration))
        }
        var rejected: [Rejection: CounterSeries] = [:]
        for rejection in Rejection.allCases {
            let series = state.families[0].series(for: [("reason", rejection.rawValue)]) {
                .counter(CounterSeries(clock: clock))
            }
            if case .success(.counter(let counter)) = series { rejected[rejection] = counter }
        }
        self.rejected = rejected
        self.state = Mutex(state)
        self.clock = clock
    }

    static let rejections = MetricDeclaration(
        "cherry_metrics_rejected_instruments_total",
        .counter,
        help: "Instruments that were asked for and not made, because they are not declared so.",
        labels: [MetricLabel("reason", .among(Rejection.allCases.map(\.rawValue)))]
    )

    /// All that is declared, in the order of the exposition.
    public var declarations: [MetricDeclaration] { self.state.withLock { $0.families.map(\.declaration) } }

    /// Adds something to be read at each scrape. Samples that do not fit their declaration are left out.
    public func collect(_ collector: @escaping Collector) {
        self.state.withLock { $0.collectors.append(collector) }
    }

    /// Reads everything.
    ///
    /// - Parameters:
    ///   - withNative: whether native buckets are wanted.
    ///   - names: of the metrics that are wanted; `nil` for all.
    func snapshot(withNative: Bool, only names: Set<String>? = nil) -> [FamilySnapshot] {
        // Collectors run outside of the lock: they may record.
        var collected: [String: [CollectedSample]] = [:]
        for collector in self.state.withLock({ $0.collectors }) {
            for sample in collector() { collected[sample.name, default: []].append(sample) }
        }
        return self.state.withLock { state in
            state.families.compactMap { family in
                let name = family.declaration.name
                guard names?.contains(name) ?? true else { return nil }
                return family.snapshot(adding: collected[name] ?? [], withNative: withNative)
            }
        }
    }

    // MARK: swift-metrics

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.counter(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        self.counter(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.gauge(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate { return self.histogram(label, dimensions) ?? NOOPMetricsHandler.instance }
        return self.gauge(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.histogram(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    // Series stay: one that went and came again would look like a restart.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func counter(_ name: String, _ labels: [(String, String)]) -> CounterSeries? {
        guard case .counter(let series) = self.series(name, labels, isKind: { $0 == .counter }) else { return nil }
        return series
    }

    private func gauge(_ name: String, _ labels: [(String, String)]) -> GaugeSeries? {
        guard case .gauge(let series) = self.series(name, labels, isKind: { $0 == .gauge }) else { return nil }
        return series
    }

    private func histogram(_ name: String, _ labels: [(String, String)]) -> HistogramSeries? {
        let series = self.series(name, labels) { if case .histogram = $0 { true } else { false } }
        guard case .histogram(let series) = series else { return nil }
        return series
    }

    private func series(
        _ name: String,
        _ labels: [(String, String)],
        isKind: (MetricDeclaration.Kind) -> Bool
    ) -> MetricSeries? {
        let result = self.state.withLock { state -> Result<MetricSeries, Rejection> in
            guard let place = state.places[name] else { return .failure(.name) }
            let kind = state.families[place].declaration.kind
            guard isKind(kind) else { return .failure(.kind) }
            return state.families[place].series(for: labels) { MetricSeries(kind, clock: self.clock) }
        }
        switch result {
        case .success(let series): return series
        case .failure(let rejection):
            self.rejected[rejection]?.increment(by: 1 as Int64)
            return nil
        }
    }
}
