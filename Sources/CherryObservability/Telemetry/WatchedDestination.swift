public import CherryCore
import CherryJournal
import Synchronization

/// What came of the last attempts, for a person who asks whether telemetry arrives.
public struct DestinationHealth: Sendable, Hashable {
    /// When something was accepted last.
    public var lastSent: Timestamp?
    /// When something was not, and why: a short name from a closed set.
    public var lastFailure: Failure?

    public struct Failure: Sendable, Hashable {
        public var at: Timestamp
        public var reason: String
    }

    /// Takes note of an attempt.
    mutating func note(_ delivery: Delivery, at now: Timestamp) {
        for outcome in delivery.outcomes {
            switch outcome {
            case .sent: self.lastSent = now
            case .retry(let reason), .quarantine(let reason), .drop(let reason):
                self.lastFailure = Failure(at: now, reason: reason)
            }
        }
    }
}

/// A destination that remembers what came of its attempts.
final class WatchedDestination: JournalDestination {
    private let destination: any JournalDestination
    private let clock: WallClock
    private let state = Mutex(DestinationHealth())

    init(_ destination: any JournalDestination, clock: WallClock) {
        self.destination = destination
        self.clock = clock
    }

    var name: String { self.destination.name }
    var kinds: Set<JournalKind> { self.destination.kinds }
    var limits: DeliveryLimits { self.destination.limits }
    var health: DestinationHealth { self.state.withLock { $0 } }

    func deliver(_ records: [JournalRecord]) async -> Delivery {
        let delivery = await self.destination.deliver(records)
        let now = self.clock.now
        self.state.withLock { $0.note(delivery, at: now) }
        return delivery
    }
}
