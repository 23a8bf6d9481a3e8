/// A declared metric and all of its series.
struct MetricFamily: Sendable {
    let declaration: MetricDeclaration
    private var places: [[String]: Int] = [:]
    private var all: [(labels: SeriesLabels, series: MetricSeries)] = []
    /// The names that each label has taken in, of those whose values are names.
    private var known: [Set<String>]

    init(_ declaration: MetricDeclaration) {
        self.declaration = declaration
        self.known = declaration.labels.map { _ in [] }
    }

    /// The series of these labels; made when it is new.
    mutating func series(
        for labels: [(String, String)],
        make: () -> MetricSeries
    ) -> Result<MetricSeries, Rejection> {
        let values: [String]
        switch self.values(of: labels) {
        case .success(let found): values = found
        case .failure(let rejection): return .failure(rejection)
        }
        if let place = self.places[values] { return .success(self.all[place].series) }
        let series = make()
        self.places[values] = self.all.count
        self.all.append((SeriesLabels(self.declaration.labels.map(\.name), values), series))
        return .success(series)
    }

    /// Reads all series, and takes in what was collected.
    func snapshot(adding collected: [CollectedSample], withNative: Bool) -> FamilySnapshot {
        var series: [FamilySnapshot.Series] = []
        series.reserveCapacity(self.all.count + collected.count)
        for (labels, recorded) in self.all {
            let value = recorded.value(withNative: withNative)
            if self.declaration.isSparse, value.isUnused { continue }
            series.append(FamilySnapshot.Series(labels: labels, value: value))
        }
        var seen: Set<[String]> = []
        // Of a copy, since names that are only collected do not count towards the limit for ever.
        var names = self
        for sample in collected {
            guard case .success(let values) = names.values(of: sample.labels.map { ($0.key, $0.value) }),
                self.places[values] == nil, seen.insert(values).inserted
            else { continue }
            let value: MetricValue
            switch self.declaration.kind {
            case .counter: value = .counter(sample.value, nil)
            case .gauge: value = .gauge(sample.value)
            case .histogram: continue
            }
            series.append(
                FamilySnapshot.Series(
                    labels: SeriesLabels(self.declaration.labels.map(\.name), values),
                    value: value
                )
            )
        }
        return FamilySnapshot(declaration: self.declaration, series: series)
    }

    /// The values of the labels in the order of the declaration.
    private mutating func values(of labels: [(String, String)]) -> Result<[String], Rejection> {
        guard labels.count == self.declaration.labels.count else { return .failure(.labels) }
        var values: [String] = []
        for (place, label) in self.declaration.labels.enumerated() {
            guard let value = labels.first(where: { $0.0 == label.name })?.1 else { return .failure(.labels) }
            switch label.values {
            case .among(let allowed):
                guard allowed.contains(value) else { return .failure(.value) }
                values.append(value)
            case .names(let limit): values.append(self.name(value, of: place, limit: limit))
            }
        }
        return .success(values)
    }

    private mutating func name(_ value: String, of place: Int, limit: Int) -> String {
        if self.known[place].contains(value) { return value }
        guard MetricLabel.isName(value), self.known[place].count < limit else { return MetricLabel.other }
        self.known[place].insert(value)
        return value
    }
}
