import CherryObservability
import CoreMetrics
import Foundation

/// Measures how long it takes to write many series, and to record one value. Prints one object of JSON. For benchmarks.
///
/// Argument: how many series, a multiple of 100.
@main
struct MetricsYardstick {
    private static let rounds = 50
    private static let records = 1_000_000

    static func main() {
        let series = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000
        let registry = Self.registry(of: series)
        let timer = Timer(label: "bench_wait_seconds", dimensions: [], factory: registry)
        let counter = Counter(
            label: "bench_requests_total",
            dimensions: [("route", "/api/v1/route0"), ("shard", "shard0")],
            factory: registry
        )
        let figures: [String: Double] = [
            "series": Double(series),
            "text": Self.milliseconds { registry.render(.text) },
            "openMetrics": Self.milliseconds { registry.render(.openMetrics) },
            "protobuf": Self.milliseconds { registry.render(.protobuf) },
            "timerNanoseconds": Self.nanoseconds { timer.recordNanoseconds(Int64($0)) },
            "counterNanoseconds": Self.nanoseconds { _ in counter.increment() },
        ]
        let fields = figures.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
        FileHandle.standardOutput.write(Data("{\(fields.joined(separator: ", "))}\n".utf8))
    }

    private static func registry(of series: Int) -> MetricRegistry {
        let routes = max(1, series / 100)
        let registry = MetricRegistry([
            MetricDeclaration(
                "bench_requests_total",
                .counter,
                help: "Requests that were answered.",
                labels: [MetricLabel("route", .names(limit: routes)), MetricLabel("shard", .names(limit: 100))]
            ),
            MetricDeclaration("bench_wait_seconds", .histogram(.latency), unit: "seconds", help: "Waiting."),
        ])
        for route in 0..<routes {
            for shard in 0..<100 {
                Counter(
                    label: "bench_requests_total",
                    dimensions: [("route", "/api/v1/route\(route)"), ("shard", "shard\(shard)")],
                    factory: registry
                ).increment(by: route * 1000 + shard)
            }
        }
        return registry
    }

    /// The median of many rounds.
    private static func milliseconds(_ render: () -> [UInt8]) -> Double {
        let times = (0..<Self.rounds).map { _ in
            let start = ContinuousClock.now
            precondition(!render().isEmpty, "something is always exposed")
            return ContinuousClock.now - start
        }
        return times.sorted()[Self.rounds / 2] / .milliseconds(1)
    }

    private static func nanoseconds(_ record: (Int) -> Void) -> Double {
        let start = ContinuousClock.now
        for number in 0..<Self.records { record(number) }
        return (ContinuousClock.now - start) / .nanoseconds(1) / Double(Self.records)
    }
}
