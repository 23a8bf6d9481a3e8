import CherryCore
import Synchronization

/// The latest exemplar of each bucket of one series. Recording never waits: while another task writes, the exemplar is let go.
final class ExemplarSlots: Sendable {
    private let slots: Mutex<[Exemplar?]>

    init(count: Int) { self.slots = Mutex(Array(repeating: nil, count: count)) }

    /// Takes note of a value that was recorded within a trace.
    func note(_ value: Double, in trace: TraceContext, slot: Int, at time: Timestamp) {
        _ = self.slots.withLockIfAvailable { $0[slot] = Exemplar(trace: trace, value: value, time: time) }
    }

    var all: [Exemplar?] { self.slots.withLock { $0 } }
}
