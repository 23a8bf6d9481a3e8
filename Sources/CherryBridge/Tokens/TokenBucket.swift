/// Lets so many requests a minute through, evenly, with a minute's worth at once at most. Without a clock.
///
/// Kept as one moment, the one at which all requests so far would have been spread out evenly (the generic cell rate
/// algorithm of ITU-T I.371, appendix I).
public struct TokenBucket: Sendable, Hashable {
    private static let burst = Duration.seconds(60)

    /// Requests a minute.
    public let perMinute: Int
    private let interval: Duration
    private var spreadOutAt: Duration

    /// Creates a bucket from which nothing was taken.
    ///
    /// - Parameters:
    ///   - perMinute: at least 1.
    ///   - now: counted from any fixed moment, as in every later call.
    public init(perMinute: Int, at now: Duration) {
        self.perMinute = max(1, perMinute)
        self.interval = Self.burst / self.perMinute
        self.spreadOutAt = now
    }

    /// Takes room for one request.
    ///
    /// - Returns: `nil` when there was room, else how long until there is.
    public mutating func take(at now: Duration) -> Duration? {
        let earliest = max(self.spreadOutAt, now)
        let wait = earliest - now - (Self.burst - self.interval)
        guard wait <= .zero else { return wait }
        self.spreadOutAt = earliest + self.interval
        return nil
    }
}
