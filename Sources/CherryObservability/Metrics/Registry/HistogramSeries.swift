import CherryCore
import CoreMetrics
import Synchronization
import Tracing

/// One series of a histogram. Recording is three atomic operations and allocates nothing.
final class HistogramSeries: TimerHandler, RecorderHandler {
    private let bounds: [Double]
    private let counts: InlineArray<24, Atomic<UInt64>>
    private let sum = AtomicDouble()
    private let native: NativeBuckets?
    private let exemplars: ExemplarSlots
    private let clock: WallClock

    init(_ shape: HistogramShape, clock: WallClock) {
        self.bounds = shape.bounds
        self.counts = InlineArray { _ in Atomic(0) }
        self.native = shape.nativeFrom.map { NativeBuckets(from: $0) }
        self.exemplars = ExemplarSlots(count: shape.bounds.count + 1)
        self.clock = clock
    }

    /// A time, kept in seconds. Before zero counts as zero: clocks are set back.
    func recordNanoseconds(_ duration: Int64) { self.record(Double(max(0, duration)) / 1e9) }

    func record(_ value: Int64) { self.record(Double(value)) }

    /// What is not a finite number would spoil the sum for ever, and is ignored.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        var slot = 0
        while slot < self.bounds.count, value > self.bounds[slot] { slot += 1 }
        self.counts[slot].wrappingAdd(1, ordering: .relaxed)
        self.sum.add(value)
        self.native?.record(value)
        guard let trace = InstrumentationContext.current?.trace, trace.isSampled else { return }
        self.exemplars.note(value, in: trace, slot: slot, at: self.clock.now)
    }

    /// - Parameter withNative: whether the native buckets are wanted too.
    func value(withNative: Bool) -> MetricValue {
        // The native buckets are read last, so that they have all that the others have.
        let counts = (0...self.bounds.count).map { self.counts[$0].load(ordering: .relaxed) }
        let exemplars = self.exemplars.all
        return .histogram(
            HistogramValue(
                bounds: self.bounds,
                counts: counts,
                sum: self.sum.value,
                exemplars: exemplars,
                native: withNative ? self.native?.value : nil
            )
        )
    }
}
