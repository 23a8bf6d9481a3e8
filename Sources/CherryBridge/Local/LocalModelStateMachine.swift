/// Decides when the local model's server starts, restarts and stops. Pure: it is told what happened and says what to do.
///
/// Users acquire the model and release it. States: stopped → starting → ready → stopped (idle); starting or ready →
/// waiting (it ended by itself) → starting; waiting → resting (too many failures in a row) → starting (a later use).
public struct LocalModelStateMachine: Sendable {
    /// What happens after the server failed to start or ended by itself.
    public struct Restart: Sendable, Hashable {
        /// The wait before the first new try; each further one waits twice as long.
        public var firstDelay: Duration
        /// The longest wait.
        public var longestDelay: Duration
        /// Failures in a row after which it gives up.
        public var limit: Int
        /// After giving up, how long a new use is refused without a try.
        public var rest: Duration

        /// Creates settings.
        public init(
            firstDelay: Duration = .milliseconds(250),
            longestDelay: Duration = .seconds(10),
            limit: Int = 4,
            rest: Duration = .seconds(30)
        ) {
            self.firstDelay = firstDelay
            self.longestDelay = longestDelay
            self.limit = limit
            self.rest = rest
        }
    }

    /// Where the server stands.
    public enum State: Sendable, Hashable {
        case stopped
        case starting
        case ready
        /// It ended by itself and is tried again after a delay.
        case waiting
        /// It failed too often in a row; the next use tries again once the rest is over.
        case resting
        /// It is being ended.
        case stopping
    }

    /// What to do next.
    public enum Action: Sendable, Hashable {
        case start
        case stop
        /// Call `delayPassed` after so long.
        case wait(Duration)
        /// Call `idlePassed` after so long, unless a use comes first.
        case armIdle(Duration)
        case disarmIdle
        /// Let those who wait have the server.
        case admit
        /// Tell those who wait that there will be none.
        case refuse
    }

    public private(set) var state = State.stopped
    /// Failures in a row.
    public private(set) var failures = 0
    /// How many use the server or wait for it.
    public private(set) var users = 0
    private let restart: Restart
    private let idleTimeout: Duration
    private var isShutDown = false

    /// Creates a machine for a server that is not running.
    public init(restart: Restart, idleTimeout: Duration) {
        self.restart = restart
        self.idleTimeout = idleTimeout
    }

    /// Somebody wants to use the server.
    public mutating func acquire() -> [Action] {
        guard !self.isShutDown else { return [.refuse] }
        self.users += 1
        switch self.state {
        case .stopped:
            self.state = .starting
            return [.start]
        case .ready: return [.disarmIdle, .admit]
        case .resting:
            self.users -= 1
            return [.refuse]
        case .starting, .waiting, .stopping: return []
        }
    }

    /// A user, admitted or not, is done.
    public mutating func release() -> [Action] {
        self.users = max(0, self.users - 1)
        return self.users == 0 && self.state == .ready ? [.armIdle(self.idleTimeout)] : []
    }

    /// The server answers.
    public mutating func becameReady() -> [Action] {
        guard self.state == .starting else { return [] }
        self.state = .ready
        self.failures = 0
        return self.users > 0 ? [.admit] : [.armIdle(self.idleTimeout)]
    }

    /// The server does not take connections any more, although its process may still be there.
    public mutating func lostContact() -> [Action] {
        guard self.state == .ready else { return [] }
        self.state = .starting
        return [.stop]
    }

    /// The server's process is gone, or never came up.
    public mutating func ended() -> [Action] {
        switch self.state {
        case .stopping:
            self.state = .stopped
            guard self.users > 0, !self.isShutDown else { return [] }
            self.state = .starting
            return [.start]
        case .starting, .ready:
            self.failures += 1
            guard self.users > 0, !self.isShutDown else {
                self.state = .stopped
                return [.disarmIdle]
            }
            guard self.failures < self.restart.limit else {
                self.state = .resting
                self.users = 0
                return [.refuse, .wait(self.restart.rest)]
            }
            self.state = .waiting
            return [.wait(self.delay)]
        case .stopped, .waiting, .resting: return []
        }
    }

    /// A delay that was asked for is over.
    public mutating func delayPassed() -> [Action] {
        switch self.state {
        case .waiting:
            guard self.users > 0, !self.isShutDown else {
                self.state = .stopped
                return []
            }
            self.state = .starting
            return [.start]
        case .resting:
            self.state = .stopped
            self.failures = 0
            return []
        default: return []
        }
    }

    /// Nobody used the server for as long as it may idle.
    public mutating func idlePassed() -> [Action] {
        guard self.state == .ready, self.users == 0 else { return [] }
        self.state = .stopping
        return [.stop]
    }

    /// The program ends.
    public mutating func shutDown() -> [Action] {
        self.isShutDown = true
        switch self.state {
        case .starting, .ready:
            self.state = .stopping
            return [.disarmIdle, .stop, .refuse]
        default: return [.refuse]
        }
    }

    private var delay: Duration {
        let doubled = self.restart.firstDelay * (1 << min(self.failures - 1, 20))
        return min(doubled, self.restart.longestDelay)
    }
}
