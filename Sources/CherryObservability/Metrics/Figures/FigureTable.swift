/// The figures of one moment, to be asked by name and label.
struct FigureTable: Sendable {
    private let families: [String: FamilySnapshot]

    init(_ families: [FamilySnapshot]) {
        self.families = Dictionary(families.map { ($0.declaration.name, $0) }) { first, _ in first }
    }

    /// The series of a metric; none when it is not known.
    func series(_ name: String) -> [FamilySnapshot.Series] { self.families[name]?.series ?? [] }

    /// What all series of a counter or a gauge come to, or those alone whose label has a value.
    func sum(_ name: String, _ label: String? = nil, _ value: String = "") -> Double {
        self.series(name).reduce(0) { sum, series in
            guard label == nil || series.labels[label ?? ""] == value else { return sum }
            return sum + series.value.number
        }
    }

    /// All series of a histogram together, or those alone whose label has a value.
    func histogram(_ name: String, _ label: String? = nil, _ value: String = "") -> FigureHistogram {
        self.series(name).reduce(into: FigureHistogram()) { sum, series in
            guard label == nil || series.labels[label ?? ""] == value, case .histogram(let histogram) = series.value
            else { return }
            sum.add(histogram)
        }
    }
}

extension SeriesLabels {
    /// The value of a label.
    subscript(_ name: String) -> String? { self.pairs.first { $0.name == name }?.value }
}

extension MetricValue {
    /// What a counter or a gauge stands at.
    var number: Double {
        switch self {
        case .counter(let value, _), .gauge(let value): value
        case .histogram: 0
        }
    }
}
