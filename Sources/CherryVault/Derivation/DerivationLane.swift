import Dispatch
import Synchronization

/// Runs slow key derivations one at a time on a thread of their own.
///
/// One at a time, because each Argon2id holds 64 MiB: parallel attempts cannot exhaust memory, they wait. Apart from
/// the cooperative pool, because half a second of arithmetic there would stall every other task.
final class DerivationLane: Sendable {
    private let queue: DispatchQueue
    private let waiting = Atomic<Int>(0)
    private let limit: Int

    /// Creates a lane.
    ///
    /// - Parameter limit: how many derivations may wait or run; more are refused.
    init(label: String, limit: Int = 64) {
        self.queue = DispatchQueue(label: label, qos: .userInitiated)
        self.limit = limit
    }

    /// Runs `work` when its turn comes.
    ///
    /// - Throws: what `work` throws; `VaultError` with code `.unavailable` when too many wait already.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let others = self.waiting.add(1, ordering: .relaxed).oldValue
        defer { self.waiting.subtract(1, ordering: .relaxed) }
        guard others < self.limit else {
            throw VaultError(
                .unavailable,
                message: "Too many attempts are waiting.",
                hint: "Try again in a few seconds."
            )
        }
        return try await withCheckedThrowingContinuation { continuation in
            self.queue.async {
                continuation.resume(with: Result { try work() })
            }
        }
    }
}
