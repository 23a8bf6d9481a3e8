import CherryCore
import CoreMetrics

@testable import CherryObservability

/// A registry with one metric of each kind, and what it exposes.
struct Figures {
    static let declarations = [
        MetricDeclaration(
            "test_requests_total",
            .counter,
            help: "Requests.",
            labels: [MetricLabel("route", .names(limit: 2)), MetricLabel("status", .among(["2xx", "5xx"]))]
        ),
        MetricDeclaration("test_size_bytes", .gauge, unit: "bytes", help: "A \"size\", \\ and\nmore."),
        MetricDeclaration(
            "test_wait_seconds",
            .histogram(HistogramShape(bounds: [0.5, 1, 2.5], nativeFrom: -20)),
            unit: "seconds",
            help: "Waiting."
        ),
        MetricDeclaration("test_rare_total", .counter, help: "Rare.", isSparse: true),
    ]

    let registry: MetricRegistry

    init(_ declarations: [MetricDeclaration] = Self.declarations) {
        self.registry = MetricRegistry(declarations, clock: WallClock { Timestamp(milliseconds: 1_700_000_000_250) })
    }

    func counter(_ labels: [(String, String)], _ name: String = "test_requests_total") -> Counter {
        Counter(label: name, dimensions: labels, factory: self.registry)
    }

    var timer: Timer { Timer(label: "test_wait_seconds", dimensions: [], factory: self.registry) }

    /// The lines of an exposition that begin so.
    func lines(_ beginning: String, _ format: ExpositionFormat = .text) -> [String] {
        self.text(format).split(separator: "\n").map(String.init).filter { $0.hasPrefix(beginning) }
    }

    func text(_ format: ExpositionFormat = .text) -> String {
        String(decoding: self.registry.render(format), as: UTF8.self)
    }

    /// How many instruments were asked for in vain, by reason.
    func rejected(_ reason: String) -> String? {
        self.lines("cherry_metrics_rejected_instruments_total{reason=\"\(reason)\"}").first?.split(separator: " ").last
            .map(String.init)
    }
}
