import CherryCore

/// One series of a metric: what callers record to.
enum MetricSeries: Sendable {
    case counter(CounterSeries)
    case gauge(GaugeSeries)
    case histogram(HistogramSeries)

    init(_ kind: MetricDeclaration.Kind, clock: WallClock) {
        self =
            switch kind {
            case .counter: .counter(CounterSeries(clock: clock))
            case .gauge: .gauge(GaugeSeries())
            case .histogram(let shape): .histogram(HistogramSeries(shape, clock: clock))
            }
    }

    func value(withNative: Bool) -> MetricValue {
        switch self {
        case .counter(let series): series.value
        case .gauge(let series): series.value
        case .histogram(let series): series.value(withNative: withNative)
        }
    }
}
