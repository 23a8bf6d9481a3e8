import CherryCore
import Synchronization

/// Makes ids of traces and spans. They must differ from all others and need not be secret, so the system is asked once
/// for randomness instead of once for each number, which would cost more than the rest of a span.
final class SpanIDGenerator: Sendable {
    private let numbers = Mutex(SplitMix64(seed: .random(in: .min ... .max)))

    /// A new span, in a trace or in a new one.
    func next(in trace: TraceID?) -> (trace: TraceID, span: SpanID) {
        self.numbers.withLock { (trace ?? .random(using: &$0), .random(using: &$0)) }
    }
}
