import Synchronization

/// Makes ids of traces and spans. They must differ from all others and need not be secret, so the system is asked once
/// for randomness instead of once for each number, which would cost more than the rest of a span.
///
/// SplitMix64: <https://prng.di.unimi.it/splitmix64.c>.
final class SpanIDGenerator: Sendable {
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            self.state &+= 0x9E37_79B9_7F4A_7C15
            var value = self.state
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
    }

    private let numbers = Mutex(Numbers(state: .random(in: .min ... .max)))

    /// A new span, in a trace or in a new one.
    func next(in trace: TraceID?) -> (trace: TraceID, span: SpanID) {
        self.numbers.withLock { (trace ?? .random(using: &$0), .random(using: &$0)) }
    }
}
