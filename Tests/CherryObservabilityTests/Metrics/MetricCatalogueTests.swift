import CherryObservability
import Foundation
import Testing

@Suite("Catalogue of metrics")
struct MetricCatalogueTests {
    @Test("Every declaration may be served in every format")
    func faults() {
        #expect(MetricCatalogue.all.flatMap(\.faults) == [])
        let families = MetricCatalogue.all.map(\.family)
        #expect(Set(families).count == families.count)
    }

    @Test(
        "What no format would take is a fault",
        arguments: [
            MetricDeclaration("a", .counter, help: "A."), MetricDeclaration("a_total", .gauge, help: "A."),
            MetricDeclaration("a_count", .gauge, help: "A."), MetricDeclaration("a_bucket_total", .counter, help: "A."),
            MetricDeclaration("a_info_total", .counter, help: "A."), MetricDeclaration("1a", .gauge, help: "A."),
            MetricDeclaration("a:b", .gauge, help: "A."), MetricDeclaration("aB", .gauge, help: "A."),
            MetricDeclaration("", .gauge, help: "A."), MetricDeclaration("a", .gauge, help: ""),
            MetricDeclaration("a", .gauge, help: "No end"), MetricDeclaration("a", .gauge, unit: "seconds", help: "A."),
            MetricDeclaration("a", .gauge, help: "A.", labels: [MetricLabel("le", .among(["x"]))]),
            MetricDeclaration("a", .gauge, help: "A.", labels: [MetricLabel("__x", .among(["x"]))]),
            MetricDeclaration(
                "a",
                .gauge,
                help: "A.",
                labels: [MetricLabel("x", .among(["x"])), MetricLabel("x", .names(limit: 1))]
            ),
            MetricDeclaration("a", .histogram(HistogramShape(bounds: [])), help: "A."),
            MetricDeclaration("a", .histogram(HistogramShape(bounds: [2, 1])), help: "A."),
            MetricDeclaration("a", .histogram(HistogramShape(bounds: [1, .infinity])), help: "A."),
            MetricDeclaration("a", .histogram(HistogramShape(bounds: (0..<24).map(Double.init))), help: "A."),
        ]
    )
    func faulty(declaration: MetricDeclaration) { #expect(!declaration.faults.isEmpty) }
}
