import Synchronization

/// A clock on which sleeping takes no time and moves the hands: waiting is decided, measured and over.
final class ImpatientClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: self.offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - self.offset }
        static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.offset < rhs.offset }
    }

    private let time = Mutex(Duration.zero)
    /// Sleeps longer than this never end, but by cancellation.
    private let longest: Duration

    init(longest: Duration = .seconds(600)) { self.longest = longest }

    var now: Instant { Instant(offset: self.time.withLock { $0 }) }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        if self.now.duration(to: deadline) > self.longest {
            try await ContinuousClock().sleep(for: .seconds(3600))
        }
        self.time.withLock { $0 = max($0, deadline.offset) }
        await Task.yield()
    }
}
