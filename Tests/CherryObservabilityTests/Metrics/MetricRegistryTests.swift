import CherryObservability
import CoreMetrics
import Testing

@Suite("Registry of metrics")
struct MetricRegistryTests {
    let figures = Figures()

    @Test("Two instruments with the same labels, in any order, are one series")
    func sameSeries() {
        self.figures.counter([("route", "/a"), ("status", "2xx")]).increment(by: 2)
        self.figures.counter([("status", "2xx"), ("route", "/a")]).increment()
        #expect(
            self.figures.lines("test_requests_total") == ["test_requests_total{route=\"/a\",status=\"2xx\"} 3"]
        )
    }

    @Test(
        "What is not declared so is dropped and counted",
        arguments: [
            ("unknown_total", [], "name"),
            ("te\nst{} 1", [("a\"", "\n")], "name"),
            ("", [], "name"),
            ("test_size_bytes", [], "kind"),
            ("test_requests_total", [], "labels"),
            ("test_requests_total", [("route", "/a"), ("state", "2xx")], "labels"),
            ("test_requests_total", [("route", "/a"), ("route", "/b")], "labels"),
            ("test_requests_total", [("route", "/a"), ("status", "2xx"), ("more", "x")], "labels"),
            ("test_requests_total", [("route", "/a"), ("status", "my words")], "value"),
        ] as [(String, [(String, String)], String)]
    )
    func dropped(name: String, labels: [(String, String)], reason: String) {
        let counter = self.figures.counter(labels, name)
        counter.increment()
        counter.reset()
        counter.destroy()
        #expect(self.figures.rejected(reason) == "1")
        #expect(self.figures.lines("test_requests_total").isEmpty)
        #expect(!self.figures.text().contains("my words"))
    }

    @Test("Every kind of instrument is refused without harm")
    func everyKind() {
        let registry = self.figures.registry
        FloatingPointCounter(label: "a", dimensions: [], factory: registry).increment(by: 1)
        Meter(label: "b", dimensions: [], factory: registry).set(1)
        Gauge(label: "c", dimensions: [], factory: registry).record(1)
        Recorder(label: "d", dimensions: [], aggregate: true, factory: registry).record(1)
        Timer(label: "test_requests_total", dimensions: [], factory: registry).recordSeconds(1)
        #expect(self.figures.rejected("name") == "4")
        #expect(self.figures.rejected("kind") == "1")
    }

    @Test("Names beyond the limit, and what is no name, are one series: other")
    func overflow() {
        for route in ["/a", "my secret words", "/b", "/c", "/d", String(repeating: "x", count: 101), "", "é", "a@b.c"] {
            self.figures.counter([("route", route), ("status", "2xx")]).increment()
        }
        #expect(
            self.figures.lines("test_requests_total").sorted() == [
                "test_requests_total{route=\"/a\",status=\"2xx\"} 1",
                "test_requests_total{route=\"/b\",status=\"2xx\"} 1",
                "test_requests_total{route=\"other\",status=\"2xx\"} 7",
            ]
        )
    }

    @Test("A counter never falls, and takes no number that is none")
    func counters() {
        let whole = self.figures.counter([("route", "/a"), ("status", "2xx")])
        let fraction = FloatingPointCounter(
            label: "test_requests_total",
            dimensions: [("route", "/a"), ("status", "2xx")],
            factory: self.figures.registry
        )
        whole.increment(by: 2)
        whole.increment(by: -5)
        fraction.increment(by: 0.25)
        for value in [-1, .nan, .infinity, -.infinity] as [Double] { fraction.increment(by: value) }
        #expect(self.figures.lines("test_requests_total{") == ["test_requests_total{route=\"/a\",status=\"2xx\"} 2.25"])
    }

    @Test("A gauge is what was set, plus and minus")
    func gauges() {
        let meter = Meter(label: "test_size_bytes", dimensions: [], factory: self.figures.registry)
        meter.set(10)
        meter.increment(by: 2.5)
        meter.decrement(by: 20)
        #expect(self.figures.lines("test_size_bytes ") == ["test_size_bytes -7.5"])
    }

    @Test("A value on a bound belongs to the bucket below it")
    func histogram() {
        let timer = self.figures.timer
        for milliseconds in [500, 501, 1000, 2500, 9000, 0, -5] { timer.recordMilliseconds(milliseconds) }
        #expect(
            self.figures.lines("test_wait_seconds") == [
                "test_wait_seconds_bucket{le=\"0.5\"} 3", "test_wait_seconds_bucket{le=\"1.0\"} 5",
                "test_wait_seconds_bucket{le=\"2.5\"} 6", "test_wait_seconds_bucket{le=\"+Inf\"} 7",
                "test_wait_seconds_sum 13.501", "test_wait_seconds_count 7",
            ]
        )
    }

    @Test("What is no finite number leaves a histogram as it is")
    func notFinite() {
        let recorder = Recorder(
            label: "test_wait_seconds",
            dimensions: [],
            aggregate: true,
            factory: self.figures.registry
        )
        for value in [.nan, .infinity, -.infinity] as [Double] { recorder.record(value) }
        #expect(self.figures.lines("test_wait_seconds_count") == ["test_wait_seconds_count 0"])
    }

    @Test("A sparse metric has no series before something is recorded")
    func sparse() {
        let counter = self.figures.counter([], "test_rare_total")
        #expect(self.figures.lines("test_rare_total").isEmpty)
        counter.increment()
        #expect(self.figures.lines("test_rare_total") == ["test_rare_total 1"])
    }

    @Test("Figures that are read at a scrape obey the declarations, and recorded ones win")
    func collected() {
        self.figures.counter([("route", "/a"), ("status", "2xx")]).increment()
        self.figures.registry.collect {
            [
                CollectedSample("test_size_bytes", 3),
                CollectedSample("test_requests_total", labels: ["route": "/a", "status": "2xx"], 99),
                CollectedSample("test_requests_total", labels: ["route": "/b", "status": "5xx"], 4),
                CollectedSample("test_requests_total", labels: ["route": "/b", "status": "5xx"], 5),
                CollectedSample("test_requests_total", labels: ["route": "/b", "status": "x"], 6),
                CollectedSample("test_wait_seconds", 7), CollectedSample("unknown", 8),
            ]
        }
        #expect(self.figures.lines("test_size_bytes ") == ["test_size_bytes 3"])
        #expect(
            self.figures.lines("test_requests_total{") == [
                "test_requests_total{route=\"/a\",status=\"2xx\"} 1",
                "test_requests_total{route=\"/b\",status=\"5xx\"} 4",
            ]
        )
        #expect(!self.figures.text().contains("unknown"))
        #expect(!self.figures.text().contains("NaN"))
    }

    @Test("Many tasks that record at once lose nothing")
    func concurrent() async {
        let figures = self.figures
        let counter = figures.counter([("route", "/a"), ("status", "2xx")])
        let timer = figures.timer
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<2000 {
                        counter.increment()
                        timer.recordMilliseconds(500)
                    }
                }
            }
        }
        #expect(figures.lines("test_requests_total{") == ["test_requests_total{route=\"/a\",status=\"2xx\"} 16000"])
        #expect(figures.lines("test_wait_seconds_sum") == ["test_wait_seconds_sum 8000"])
    }

    @Test("A declaration with faults, or of a known name, is left out")
    func faults() {
        let figures = Figures([
            MetricDeclaration("bad name_total", .counter, help: "Bad."),
            MetricDeclaration("good_total", .counter, help: "First."),
            MetricDeclaration("good_total", .counter, help: "Second."),
        ])
        #expect(figures.registry.declarations.map(\.name).contains("good_total"))
        #expect(!figures.registry.declarations.map(\.name).contains("bad name_total"))
        #expect(figures.registry.declarations.filter { $0.name == "good_total" }.map(\.help) == ["First."])
    }
}
