/// How often something may happen: some times at once, and one more after each interval.
public struct TokenBucket: Sendable, Hashable {
    private let burst: Int
    private let interval: Duration
    private var available: Int
    private var last: Timestamp?

    /// - Parameters:
    ///   - burst: at least 1.
    ///   - interval: longer than nothing.
    public init(burst: Int, interval: Duration) {
        self.burst = burst
        self.interval = interval
        self.available = burst
    }

    /// Whether it may happen once more now. A clock that is set back earns nothing.
    public mutating func take(at now: Timestamp) -> Bool {
        if let last {
            let earned = Int(max(.zero, now - last) / self.interval)
            self.available = min(self.burst, self.available + earned)
            if earned > 0 { self.last = last + self.interval * earned }
        } else {
            self.last = now
        }
        guard self.available > 0 else { return false }
        self.available -= 1
        return true
    }
}
