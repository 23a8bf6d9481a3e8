import CherryCore
import CoreMetrics
import Synchronization
import Tracing

/// One series of a counter. Recording is two atomic operations at most and allocates nothing.
final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<Int64>(0)
    private let fraction = AtomicDouble()
    private let exemplars = ExemplarSlots(count: 1)
    private let clock: WallClock

    init(clock: WallClock) { self.clock = clock }

    /// Adds to it. Less than one is ignored: a counter never falls.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        // Wraps after centuries; a scraper takes that for a restart.
        self.whole.wrappingAdd(amount, ordering: .relaxed)
        self.noteTrace(Double(amount))
    }

    /// Adds to it. What is not positive and finite is ignored.
    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        self.fraction.add(amount)
        self.noteTrace(amount)
    }

    func reset() {
        self.whole.store(0, ordering: .relaxed)
        self.fraction.set(0)
    }

    private func noteTrace(_ amount: Double) {
        guard let trace = InstrumentationContext.current?.trace, trace.isSampled else { return }
        self.exemplars.note(amount, in: trace, slot: 0, at: self.clock.now)
    }

    var value: MetricValue {
        .counter(Double(self.whole.load(ordering: .relaxed)) + self.fraction.value, self.exemplar)
    }

    private var exemplar: Exemplar? { self.exemplars.all[0] }
}
