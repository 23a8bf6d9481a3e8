import CoreMetrics
import Testing
import Tracing

@testable import CherryObservability

@Suite("Exposition of metrics")
struct ExpositionTests {
    let figures = Figures()

    @Test("Plain text names a counter's family with its ending")
    func text() {
        self.figures.counter([("route", "/a"), ("status", "2xx")]).increment()
        Meter(label: "test_size_bytes", dimensions: [], factory: self.figures.registry).set(5)
        #expect(
            self.figures.text().hasSuffix(
                """
                # HELP test_requests_total Requests.
                # TYPE test_requests_total counter
                test_requests_total{route="/a",status="2xx"} 1
                # HELP test_size_bytes A "size", \\\\ and\\nmore.
                # TYPE test_size_bytes gauge
                test_size_bytes 5

                """
            )
        )
    }

    @Test("OpenMetrics has units, the family without its ending, and an end")
    func openMetrics() {
        self.figures.counter([("route", "/a"), ("status", "2xx")]).increment()
        Meter(label: "test_size_bytes", dimensions: [], factory: self.figures.registry).set(5)
        #expect(
            self.figures.text(.openMetrics).hasSuffix(
                """
                # HELP test_requests Requests.
                # TYPE test_requests counter
                test_requests_total{route="/a",status="2xx"} 1
                # HELP test_size_bytes A \\"size\\", \\\\ and\\nmore.
                # TYPE test_size_bytes gauge
                # UNIT test_size_bytes bytes
                test_size_bytes 5
                # EOF

                """
            )
        )
    }

    @Test("An exemplar points to the trace of the latest value of its bucket, in OpenMetrics alone")
    func exemplars() {
        let timer = self.figures.timer
        timer.recordMilliseconds(100)
        var context = InstrumentationContext.topLevel
        let field = "00-000000000000000100000000000000ab-0000000000000002-01"
        context.trace = TraceContext(traceparent: field)
        InstrumentationContext.$current.withValue(context) {
            timer.recordMilliseconds(750)
            self.figures.counter([("route", "/a"), ("status", "2xx")]).increment(by: 3)
        }
        let reference =
            "# {trace_id=\"000000000000000100000000000000ab\",span_id=\"0000000000000002\"}"
        #expect(
            self.figures.lines("test_wait_seconds_bucket", .openMetrics) == [
                "test_wait_seconds_bucket{le=\"0.5\"} 1",
                "test_wait_seconds_bucket{le=\"1.0\"} 2 \(reference) 0.75 1700000000.25",
                "test_wait_seconds_bucket{le=\"2.5\"} 2", "test_wait_seconds_bucket{le=\"+Inf\"} 2",
            ]
        )
        #expect(
            self.figures.lines("test_requests_total{", .openMetrics) == [
                "test_requests_total{route=\"/a\",status=\"2xx\"} 3 \(reference) 3 1700000000.25"
            ]
        )
        #expect(!self.figures.text().contains("trace_id"))
    }

    @Test(
        "Numbers are written so that they read as the same number",
        arguments: [
            (0, "0"), (-0.5, "-0.5"), (12_345_678_901, "12345678901"), (0.1, "0.1"), (1e300, "1e+300"),
            (1e-300, "1e-300"), (-3, "-3.0"), (9.5e15, "9.5e+15"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.nan, "NaN"),
        ] as [(Double, String)]
    )
    func numbers(value: Double, text: String) {
        Meter(label: "test_size_bytes", dimensions: [], factory: self.figures.registry).set(value)
        #expect(self.figures.lines("test_size_bytes ") == ["test_size_bytes \(text)"])
    }

    @Test("Labels are escaped, even those that cannot come from outside")
    func escaping() {
        let figures = Figures([
            MetricDeclaration("odd_total", .counter, help: "Odd.", labels: [MetricLabel("a", .among(["x\\\"\n"]))])
        ])
        figures.counter([("a", "x\\\"\n")], "odd_total").increment()
        #expect(figures.lines("odd_total{") == [#"odd_total{a="x\\\"\n"} 1"#])
    }

    @Test("A family of protocol buffers has its length, its name and its figures")
    func protobuf() {
        let figures = Figures([MetricDeclaration("a_total", .counter, help: "A.")])
        figures.counter([], "a_total").increment(by: 2)
        // The rejections come first; what follows is the family of one counter.
        let expected: [UInt8] =
            [28, 10, 7] + Array("a_total".utf8) + [18, 2] + Array("A.".utf8) + [24, 0, 34, 11, 26, 9, 9]
            + [0, 0, 0, 0, 0, 0, 0, 64]
        #expect(Array(figures.registry.render(.protobuf).suffix(expected.count)) == expected)
    }

    @Test("A native histogram is written with schema, threshold, spans and differences")
    func protobufHistogram() {
        let figures = Figures([
            MetricDeclaration("a", .histogram(HistogramShape(bounds: [1], nativeFrom: -20)), help: "A.")
        ])
        let recorder = Recorder(label: "a", dimensions: [], aggregate: true, factory: figures.registry)
        for value in [1, 1, 1.05, 0] as [Double] { recorder.record(value) }
        var histogram = ProtobufWriter()
        histogram.field(1, unsigned: 4)
        histogram.field(2, double: 3.05)
        var bucket = ProtobufWriter()
        bucket.field(1, unsigned: 3)
        bucket.field(2, double: 1)
        histogram.field(3, message: bucket)
        histogram.field(5, signed: 3)
        histogram.field(6, double: 1 / 1_048_576)
        histogram.field(7, unsigned: 1)
        var span = ProtobufWriter()
        span.field(1, signed: 0)
        span.field(2, unsigned: 2)
        histogram.field(12, message: span)
        histogram.field(13, signed: 2)
        histogram.field(13, signed: -1)
        let bytes = figures.registry.render(.protobuf)
        #expect(Array(bytes.suffix(histogram.bytes.count)) == histogram.bytes)
    }

    @Test(
        "Numbers of protocol buffers have their shortest form",
        arguments: [
            (0, [0]), (127, [127]), (128, [128, 1]), (300, [172, 2]), (.max, Array(repeating: 255, count: 9) + [1]),
        ] as [(UInt64, [UInt8])]
    )
    func varints(number: UInt64, bytes: [UInt8]) {
        var writer = ProtobufWriter()
        writer.varint(number)
        #expect(writer.bytes == bytes)
    }

    @Test(
        "Signed numbers alternate between the signs",
        arguments: [(0, 0), (-1, 1), (1, 2), (-2, 3)] as [(Int64, UInt8)]
    )
    func zigzag(number: Int64, byte: UInt8) {
        var writer = ProtobufWriter()
        writer.field(1, signed: number)
        #expect(writer.bytes == [8, byte])
    }
}
