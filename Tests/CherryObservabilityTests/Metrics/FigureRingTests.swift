import CherryCore
import CherryJournal
import CoreMetrics
import Testing

@testable import CherryObservability

@Suite("The ring of figures")
struct FigureRingTests {
    /// A registry whose figures are read every ten seconds.
    private final class Bench {
        let registry = MetricRegistry(MetricCatalogue.all)
        var ring: FigureRing
        var now = Timestamp(milliseconds: 1_800_000_000_000)
        var ledger: [JournalLedger] = []

        init(limit: Int = 5, window: Int = 3) { self.ring = FigureRing(limit: limit, window: window) }

        func read(after seconds: Int = 10) {
            self.now = self.now + .seconds(seconds)
            let table = FigureTable(self.registry.snapshot(withNative: true, only: FigureReading.metrics))
            self.ring.take(FigureReading(table, ledger: self.ledger, at: self.now))
        }

        func requests(_ number: Int64, _ status: String, route: String = "/livez") {
            let labels = [("route", route), ("method", "GET"), ("status", status)]
            self.registry.makeCounter(label: "cherry_http_requests_total", dimensions: labels).increment(by: number)
        }

        func firstToken(_ seconds: Double) {
            let labels = [("provider", "a"), ("model", "b")]
            self.registry.makeTimer(label: "cherry_model_first_token_seconds", dimensions: labels)
                .recordNanoseconds(Int64(seconds * 1e9))
        }
    }

    @Test("The first reading only says where the figures begin")
    func beginning() {
        let bench = Bench()
        bench.requests(100, "2xx")
        bench.read()
        #expect(bench.ring.points(after: nil).isEmpty)
        bench.read()
        #expect(bench.ring.points(after: nil).map(\.requests) == [[0, 0, 0, 0, 0]])
    }

    @Test("Requests are so many in a second, by class, whatever their route")
    func rates() {
        let bench = Bench()
        bench.read()
        bench.requests(20, "2xx")
        bench.requests(10, "2xx", route: "/readyz")
        bench.requests(5, "5xx")
        bench.read(after: 20)
        let points = bench.ring.points(after: nil)
        #expect(points.map(\.requests) == [[0, 1.5, 0, 0, 0.25]])
        #expect(points.map(\.at) == [bench.now])
    }

    @Test("Quantiles are of the window, then of nothing")
    func window() throws {
        let bench = Bench(limit: 10, window: 3)
        bench.read()
        bench.firstToken(0.5)
        bench.read()
        bench.firstToken(8)
        for _ in 1...4 { bench.read() }
        let counts = bench.ring.points(after: nil).map { $0.firstToken?.count ?? 0 }
        #expect(counts == [1, 2, 2, 1, 0])
        let last = try #require(bench.ring.points(after: nil)[3].firstToken)
        #expect(last.median > .seconds(6) && last.p95 < .seconds(9))
    }

    @Test("No more are kept than there is room for, and what was seen before is not given again")
    func limit() {
        let bench = Bench(limit: 5)
        for _ in 1...9 { bench.read() }
        let all = bench.ring.points(after: nil)
        #expect(all.count == 5)
        #expect(all.last?.at == bench.now)
        #expect(bench.ring.points(after: all[2].at) == Array(all[3...]))
        #expect(bench.ring.points(after: bench.now).isEmpty)
    }

    @Test("A clock that is set back neither turns time around nor makes rates of nothing")
    func clock() {
        let bench = Bench()
        bench.read()
        bench.requests(10, "2xx")
        bench.read(after: -3600)
        bench.read(after: 10)
        let points = bench.ring.points(after: nil)
        #expect(points[0].at < points[1].at)
        #expect(points.allSatisfy { $0.requests.allSatisfy(\.isFinite) })
    }

    @Test("What waits in the journal and what is lost are sums over all destinations")
    func journal() {
        let bench = Bench()
        bench.ledger = ["loki", "sentry"].map { name in
            JournalLedger(
                destination: name,
                isRemoved: false,
                produced: 10,
                sent: 4,
                queued: 3,
                quarantined: 1,
                dropped: ["http_400": 2]
            )
        }
        bench.read()
        bench.read()
        let state = bench.ring.points(after: nil).first?.state
        #expect(state?.queued == 6)
        #expect(state?.lost == 6)
    }
}
