/// A metric and its figures, as they were read for one scrape.
struct FamilySnapshot: Sendable {
    struct Series: Sendable {
        let labels: SeriesLabels
        let value: MetricValue
    }

    let declaration: MetricDeclaration
    let series: [Series]
}
