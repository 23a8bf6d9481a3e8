/// Keeps a target that fails again and again from being asked, until it may have recovered. Without a clock.
///
/// States: closed → open, after `failures` in a row; open → half-open, when its rest is over and somebody asks; half-open
/// → closed, when that one request succeeds; half-open → open, with a longer rest, when it fails.
public struct CircuitBreaker: Sendable, Hashable {
    /// When it opens and for how long.
    public struct Policy: Sendable, Hashable {
        /// Failures in a row that open it.
        public var failures: Int
        /// The first rest; each further one is twice as long.
        public var rest: Duration
        public var longestRest: Duration

        /// Creates a policy.
        public init(failures: Int = 5, rest: Duration = .seconds(10), longestRest: Duration = .seconds(300)) {
            self.failures = failures
            self.rest = rest
            self.longestRest = longestRest
        }
    }

    /// What it lets through.
    public enum State: Sendable, Hashable {
        /// Everything.
        case closed
        /// Nothing before `until`.
        case open(until: Duration)
        /// One request, which is under way.
        case halfOpen
    }

    private let policy: Policy
    private var failuresInARow = 0
    private var rests = 0
    public private(set) var state = State.closed

    /// Creates a closed breaker.
    public init(policy: Policy = Policy()) { self.policy = policy }

    /// Whether a request may be made at `now`, counted from any fixed moment. One that may must be followed by
    /// `succeeded`, `failed` or `abandoned`.
    public mutating func admits(at now: Duration) -> Bool {
        switch self.state {
        case .closed: return true
        case .halfOpen: return false
        case .open(let until):
            guard now >= until else { return false }
            self.state = .halfOpen
            return true
        }
    }

    /// A request was answered.
    public mutating func succeeded() {
        self.state = .closed
        self.failuresInARow = 0
        self.rests = 0
    }

    /// A request failed. Only what the provider itself did wrong counts; a refusal shows that it works.
    public mutating func failed(with code: BridgeError.Code, at now: Duration) {
        guard code.isProvidersFault else { return self.abandoned() }
        self.failuresInARow += 1
        guard self.state == .halfOpen || self.failuresInARow >= self.policy.failures else { return }
        var rest = self.policy.rest
        for _ in 0..<self.rests where rest < self.policy.longestRest { rest *= 2 }
        self.rests += 1
        self.state = .open(until: now + min(rest, self.policy.longestRest))
    }

    /// A request ended without telling anything about the target: the client went, or asked for something impossible.
    public mutating func abandoned() {
        if self.state == .halfOpen { self.state = .open(until: .zero) }
    }
}

extension BridgeError.Code {
    /// Whether the provider, or the way to it, failed; not the request.
    public var isProvidersFault: Bool {
        switch self {
        case .unreachable, .timedOut, .overloaded, .garbled, .cutOff, .localModelFailed: true
        default: false
        }
    }
}
