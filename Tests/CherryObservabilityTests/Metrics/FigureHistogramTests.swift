import CherryCore
import CoreMetrics
import Testing

@testable import CherryObservability

@Suite("Histograms of figures")
struct FigureHistogramTests {
    private static func histogram(_ values: [Double]) -> FigureHistogram {
        let series = HistogramSeries(.latency, clock: .system)
        for value in values { series.record(value) }
        var histogram = FigureHistogram()
        if case .histogram(let value) = series.value(withNative: true) { histogram.add(value) }
        return histogram
    }

    @Test("Quantiles are within a fifth of the true ones, from microseconds to minutes")
    func quantiles() throws {
        for scale in [0.00002, 0.003, 0.4, 1, 17] {
            let values = (1...1000).map { scale * (1 + Double($0) / 1000) }
            let histogram = Self.histogram(values)
            #expect(histogram.count == 1000)
            for (part, exact) in [(0.5, scale * 1.5), (0.95, scale * 1.95), (1, scale * 2)] {
                let found = try #require(histogram.quantile(part))
                #expect(abs(found - exact) / exact < 0.2, "\(part) of \(scale): \(found)")
            }
        }
    }

    @Test("A range has its upper bound and not its lower one, as in the native buckets")
    func bounds() throws {
        for power in -12...6 {
            let bound = Double(sign: .plus, exponent: power, significand: 1)
            let highest = try #require(Self.histogram([bound]).quantile(1))
            #expect(abs(highest - bound) < bound * 1e-9)
            let above = try #require(Self.histogram([bound.nextUp]).quantile(0))
            #expect(abs(above - bound) < bound * 1e-9)
        }
    }

    @Test("Of nothing there is no quantile, and what is too small to measure is nothing")
    func nothing() {
        #expect(FigureHistogram().quantile(0.5) == nil)
        #expect(FigureQuantiles(FigureHistogram()) == nil)
        #expect(Self.histogram([0, 0, 1e-9]).quantile(0.5) == 0)
    }

    @Test("What came since a reading is what was recorded since, and can be taken out again")
    func steps() {
        let before = Self.histogram([0.1, 3])
        let after = Self.histogram([0.1, 3, 0.1, 50])
        let step = after.since(before)
        #expect(step.ranges.map(\.count) == [1, 1])
        var sum = before
        sum.add(step)
        #expect(sum == after)
        sum.remove(step)
        #expect(sum == before)
        // More than was ever added leaves nothing, and does not trap.
        sum.remove(after.since(FigureHistogram()))
        #expect(sum.count == 0)
    }

    @Test("A metric that began anew counts from nothing instead of below it")
    func restarted() {
        #expect(Self.histogram([0.1]).since(Self.histogram([0.1, 0.1, 7])).ranges.isEmpty)
    }
}
