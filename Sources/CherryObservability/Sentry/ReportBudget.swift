import CherryCore

/// How many reports may be made: thirty at once, and one more every two seconds. A failure that repeats by the thousand
/// must not become the load that it reports.
struct ReportBudget: Sendable, Hashable {
    static let burst = 30
    static let interval = Duration.seconds(2)

    private var available = Self.burst
    private var last: Timestamp?

    /// Whether one more may be made.
    mutating func take(at now: Timestamp) -> Bool {
        if let last {
            let earned = Int(max(.zero, now - last) / Self.interval)
            self.available = min(Self.burst, self.available + earned)
            if earned > 0 { self.last = last + Self.interval * earned }
        } else {
            self.last = now
        }
        guard self.available > 0 else { return false }
        self.available -= 1
        return true
    }
}
