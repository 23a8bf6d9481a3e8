import CoreMetrics
import Foundation
import Testing

@testable import CherryObservability

@Suite("Native histograms")
struct NativeHistogramTests {
    @Test("A bucket holds what lies above the bound before it, up to its own")
    func bounds() {
        for index in -160...160 {
            let bound = exp2(Double(index) / 8)
            // The library's own powers may be off in the last place; a power of two is exact.
            let exact = index % 8 == 0 ? bound : bound * (1 - 1e-12)
            #expect(NativeBuckets.index(of: exact) == index)
            #expect(NativeBuckets.index(of: bound * (1 + 1e-12)) == index + 1)
        }
        #expect(NativeBuckets.index(of: 1) == 0)
        #expect(NativeBuckets.index(of: 1.0.nextUp) == 1)
    }

    @Test("What is too small counts as zero, what is too large in the last bucket")
    func ends() {
        let buckets = NativeBuckets(from: -20)
        for value in [0, -1, 1e-300, exp2(-20)] as [Double] { buckets.record(value) }
        buckets.record(exp2(-20).nextUp)
        for value in [exp2(12), 1e300] as [Double] { buckets.record(value) }
        let value = buckets.value
        #expect(value.zeros == 4)
        #expect(value.counts.first == 1)
        #expect(value.counts.last == 2)
        #expect(value.count == 7)
        #expect(value.firstIndex == -159)
        #expect(value.zeroThreshold == exp2(-20))
    }

    @Test("Spans leave out empty buckets and bridge short gaps")
    func spans() {
        var counts = [UInt64](repeating: 0, count: 256)
        for (slot, count) in [(3, 5), (6, 1), (10, 2)] { counts[slot] = UInt64(count) }
        let spans = NativeSpan.all(
            in: NativeHistogramValue(firstIndex: -159, zeroThreshold: 1e-6, zeros: 0, counts: counts)
        )
        #expect(spans == [NativeSpan(offset: -156, counts: [5, 0, 0, 1]), NativeSpan(offset: 3, counts: [2])])
    }

    @Test("Nothing recorded makes no span")
    func empty() { #expect(NativeSpan.all(in: NativeBuckets(from: 0).value).isEmpty) }
}
