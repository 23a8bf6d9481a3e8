import CherryCore

/// How long to wait after wrong passphrases: three are free, then one second, doubling up to a quarter of an hour.
///
/// Pure: it is told the time. A success forgets everything.
struct BackoffState: Codable, Sendable, Hashable {
    /// Wrong attempts since the last right one.
    private(set) var failures = 0
    /// When the last of them was.
    private(set) var lastFailureAt: Timestamp?

    /// Wrong attempts without a wait.
    static let freeFailures = 2
    /// The longest wait.
    static let ceiling: Duration = .seconds(15 * 60)

    /// Counts a wrong attempt.
    mutating func recordFailure(at now: Timestamp) {
        self.failures += 1
        self.lastFailureAt = now
    }

    /// Forgets what was counted.
    mutating func recordSuccess() { self = BackoffState() }

    /// How long to wait from `now` until the next attempt; `nil` when it may be made.
    ///
    /// A clock that was set back cannot make the wait longer than the whole delay.
    func wait(at now: Timestamp) -> Duration? {
        guard let last = self.lastFailureAt, let delay = self.delay else { return nil }
        let passed = Duration.milliseconds(max(0, now.milliseconds - last.milliseconds))
        return passed < delay ? delay - passed : nil
    }

    /// The whole delay after the failures so far.
    private var delay: Duration? {
        let steps = self.failures - Self.freeFailures
        guard steps > 0 else { return nil }
        // 2^10 seconds are beyond the ceiling already.
        return min(.seconds(1 << min(steps - 1, 10)), Self.ceiling)
    }
}
