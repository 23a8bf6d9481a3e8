import CherryObservability
import Testing

@Suite("Choice of the exposition's form")
struct ExpositionFormatTests {
    private static let openMetrics = "application/openmetrics-text"
    private static let protobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"

    @Test(
        "The form that the client likes best is served, plain text when in doubt",
        arguments: [
            (nil, .text), ("", .text), ("*/*", .text), ("text/html,application/xhtml+xml,*/*;q=0.8", .text),
            ("text/plain", .text), ("text/*", .text), ("application/*", .openMetrics),
            ("application/openmetrics-text", .openMetrics),
            ("application/openmetrics-text; version=1.0.0; charset=utf-8", .openMetrics),
            ("APPLICATION/OpenMetrics-Text;Version=\"1.0.0\"", .openMetrics),
            ("application/openmetrics-text;version=0.0.1", .text),
            ("application/openmetrics-text;version=2.0.0,*/*;q=0.1", .text),
            ("application/openmetrics-text;q=0.4,text/plain;q=0.5", .text),
            ("application/openmetrics-text;q=0.5,text/plain;q=0.4", .openMetrics),
            ("application/openmetrics-text,text/plain", .openMetrics),
            ("application/openmetrics-text;q=0,*/*", .text), ("application/openmetrics-text;q=0", .text),
            ("text/plain;q=0, */*", .openMetrics), ("text/plain;version=1.0.0", .text),
            ("application/openmetrics-text;q=2", .text), ("application/openmetrics-text;q=", .text),
            ("application/openmetrics-text;q=0.0001", .text), ("application/openmetrics-text;q=1.001", .text),
            ("application/openmetrics-text;q=0.001", .openMetrics), (",,;q=1,/,a/,*/b", .text),
            ("a/b;x=\"application/openmetrics-text,\"", .text),
            (Self.protobuf, .protobuf), ("\(Self.protobuf),\(Self.openMetrics);version=1.0.0;q=0.8", .protobuf),
            ("\(Self.protobuf);q=0.3,\(Self.openMetrics);q=0.8", .openMetrics),
            ("application/vnd.google.protobuf", .text),
            ("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text", .text),
            ("application/vnd.google.protobuf;proto=other;encoding=delimited", .text),
        ] as [(String?, ExpositionFormat)]
    )
    func choice(header: String?, format: ExpositionFormat) {
        #expect(ExpositionFormat(accepting: header) == format)
    }

    @Test("What Prometheus 2.42 sends gets OpenMetrics, and protocol buffers once it wants native histograms")
    func prometheus() {
        let usual =
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
            + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
        let native =
            "\(Self.protobuf),application/openmetrics-text;version=1.0.0;q=0.8,"
            + "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
        #expect(ExpositionFormat(accepting: usual) == .openMetrics)
        #expect(ExpositionFormat(accepting: native) == .protobuf)
    }

    @Test("No header, however long or cut short, does harm")
    func anyHeader() {
        let header = "\(Self.protobuf);q=0.5, text/plain;version=\"0.0\\\"4\";q=0.25, */*;q=0.125"
        for end in header.indices { _ = ExpositionFormat(accepting: String(header[..<end])) }
        #expect(ExpositionFormat(accepting: String(repeating: "a/b,", count: 100_000) + Self.openMetrics) == .text)
    }
}
