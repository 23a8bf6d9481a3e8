import CherryCore
import Foundation
import Logging
import Synchronization

/// Every check of a passphrase or recovery code goes through here: one at a time, and none while a wait is due.
final class PassphraseGate: Sendable {
    private let store: BackoffStore
    private let clock: WallClock
    private let logger: Logger
    private let lane = SerialLane(limit: 8)
    private let backoff: Mutex<BackoffState>

    /// Creates a gate that goes on from what the store remembers.
    init(store: BackoffStore, clock: WallClock, logger: Logger) {
        self.store = store
        self.clock = clock
        self.logger = logger
        // What cannot be read counts as nothing remembered: the file holds no secret and an owner may delete it.
        let remembered = store.load().flatMap { try? JSONDecoder().decode(BackoffState.self, from: $0) }
        self.backoff = Mutex(remembered ?? BackoffState())
    }

    /// How long until an attempt may be made; `nil` for now.
    var wait: Duration? { self.backoff.withLock { $0.wait(at: self.clock.now) } }

    /// Makes one attempt, when no wait is due and all earlier attempts are done.
    ///
    /// Costs nothing when a wait is due: `check` is not begun.
    ///
    /// - Throws: `APIError` with code `tooManyAttempts`; what `check` throws. A wrong passphrase or recovery code is
    ///   counted before it is reported.
    func attempt<Value>(_ check: () async throws -> Value) async throws -> Value {
        if let wait = self.wait { throw APIError.tooManyAttempts(retryAfter: wait) }
        return try await self.lane.run {
            if let wait = self.wait { throw APIError.tooManyAttempts(retryAfter: wait) }
            do {
                let value = try await check()
                self.change { $0.recordSuccess() }
                return value
            } catch {
                if Self.isWrongSecret(error) {
                    let now = self.clock.now
                    self.change { $0.recordFailure(at: now) }
                }
                throw error
            }
        }
    }

    private static func isWrongSecret(_ error: any Error) -> Bool {
        let code = (error as? APIError)?.code ?? (error as? any CherryError)?.codeName
        return code == "wrongPassphrase" || code == "wrongRecoveryCode"
    }

    private func change(_ change: (inout BackoffState) -> Void) {
        let (before, after) = self.backoff.withLock { state in
            let before = state
            change(&state)
            return (before, state)
        }
        guard before != after else { return }
        do {
            try self.store.save(JSON.encode(after))
        } catch {
            // The count still holds in memory; it would only be forgotten by a restart.
            self.logger.warning("The count of wrong attempts could not be saved.")
        }
    }
}
