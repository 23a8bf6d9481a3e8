/// Decides when the local model's server starts, restarts and stops.
public struct LocalModelStateMachine: Sendable {
    /// What happens after the server failed to start or ended by itself.
    public struct Restart: Sendable, Hashable {
        /// The wait before the first new try; each further one waits twice as long.
        public var firstDelay: Duration
        /// The longest wait.
        public var longestDelay: Duration
        /// Failures in a row after which it gives up.
        public var limit: Int
        /// Running for so long makes earlier failures forgotten.
        public var stableAfter: Duration
        /// After giving up, how long a new use is refused without a try.
        public var rest: Duration

        /// Creates settings.
        public init(
            firstDelay: Duration = .milliseconds(250),
            longestDelay: Duration = .seconds(10),
            limit: Int = 4,
            stableAfter: Duration = .seconds(30),
            rest: Duration = .seconds(30)
        ) {
            self.firstDelay = firstDelay
            self.longestDelay = longestDelay
            self.limit = limit
            self.stableAfter = stableAfter
            self.rest = rest
        }
    }
}
