/// How long to leave a destination alone after attempts that brought nothing: a second, doubling up to five minutes, of
/// which a random half is waited, so that several servers do not come back at the same moment. Pure.
struct DeliveryBackoff: Sendable, Hashable {
    static let floor: Duration = .seconds(1)
    static let ceiling: Duration = .seconds(300)

    /// Attempts in a row that brought nothing.
    private(set) var failures = 0

    mutating func succeed() { self.failures = 0 }

    /// Counts an attempt that brought nothing.
    ///
    /// - Parameter chance: between 0 and 1.
    /// - Returns: how long to wait.
    mutating func fail(_ chance: Double) -> Duration {
        self.failures += 1
        return Self.delay(after: self.failures, chance)
    }

    static func delay(after failures: Int, _ chance: Double) -> Duration {
        // 2^9 seconds are beyond the ceiling already.
        let whole = min(self.floor * (1 << min(max(failures, 1) - 1, 9)), self.ceiling)
        return whole / 2 + whole / 2 * min(max(chance, 0), 1)
    }
}
