import Testing

@testable import LoadGenerator

@Suite("The histogram of a load")
struct HistogramTests {
    @Test("Percentiles are right to 1.6 %, over nine orders of magnitude", arguments: [1, 97, 1_000, 123_456_789])
    func precision(unit: Int) {
        var histogram = Histogram()
        for value in 1...1_000 { histogram.record(value * unit) }
        for part in [0.01, 0.5, 0.9, 0.99, 0.999] {
            let exact = Double(Int((part * 1_000).rounded(.up)) * unit)
            let found = Double(histogram.percentile(part))
            #expect(abs(found - exact) <= exact * 0.016, "\(part): \(found) for \(exact)")
        }
        #expect(histogram.lowest == unit)
        #expect(histogram.highest == 1_000 * unit)
        #expect(histogram.sum == 500_500 * unit)
    }

    @Test("Small values are exact, and the greatest is held")
    func extremes() {
        var histogram = Histogram()
        for value in 0..<64 { histogram.record(value) }
        #expect(histogram.percentile(0.5) == 31)
        histogram.record(.max)
        #expect(histogram.percentile(0.5) == 32)
        #expect(histogram.highest == Histogram.greatest)
    }

    @Test("An empty one has no percentiles")
    func empty() {
        #expect(Histogram().percentile(0.5) == 0)
    }
}
