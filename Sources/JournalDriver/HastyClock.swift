/// A clock on which time passes a thousand times faster, so that a pause of minutes is over in a moment.
struct HastyClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: self.offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - self.offset }
        static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.offset < rhs.offset }
    }

    private static let haste = 1000
    private let start = ContinuousClock.now

    var now: Instant { Instant(offset: self.start.duration(to: .now) * Self.haste) }
    var minimumResolution: Duration { .milliseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await ContinuousClock().sleep(for: self.now.duration(to: deadline) / Self.haste)
    }
}
