/// Which of several servers is next: the first in order that is not known to be down. One that failed is left alone for
/// a while and then is the first choice again if it stands first.
struct FluentServerRing: Sendable {
    private let recovery: Duration
    /// When each may be tried again; `nil` for those that are well.
    private var downUntil: [ContinuousClock.Instant?]

    /// - Parameter recovery: how long a server that failed is left alone.
    init(count: Int, recovery: Duration) {
        self.downUntil = Array(repeating: nil, count: count)
        self.recovery = recovery
    }

    /// The servers in the order in which to try them. When all are down, all are tried: the journal has waited already.
    func order(at now: ContinuousClock.Instant) -> [Int] {
        let well = self.downUntil.indices.filter { place in self.downUntil[place].map { $0 <= now } ?? true }
        return well.isEmpty ? Array(self.downUntil.indices) : well
    }

    mutating func failed(_ place: Int, at now: ContinuousClock.Instant) {
        self.downUntil[place] = now + self.recovery
    }

    mutating func succeeded(_ place: Int) {
        self.downUntil[place] = nil
    }
}
