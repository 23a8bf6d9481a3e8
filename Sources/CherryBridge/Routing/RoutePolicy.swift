public import CherryCore

/// A model that may answer.
public struct RouteTarget: Sendable, Hashable {
    public var model: ModelReference
    /// At least 1.
    public var weight: Int
    /// Whether asking it keeps what is said on this machine.
    public var isLocal: Bool

    /// Names a target.
    public init(model: ModelReference, weight: Int = 1, isLocal: Bool) {
        self.model = model
        self.weight = weight
        self.isLocal = isLocal
    }
}

/// How the targets of a request are gone through.
public struct RoutePolicy: Sendable, Hashable {
    public var strategy: ModelAlias.Strategy
    /// Whether a target that is not local is never asked.
    public var staysLocal: Bool
    /// Whether an answer that broke off is continued by the next target.
    public var continuesAfterFirstToken: Bool
    /// How often the targets are gone through again.
    public var retries: Int
    /// How long the first target may be silent before another is asked besides it.
    public var hedgeAfter: Duration?
    /// For everything together.
    public var total: Duration?
    /// The pause before the targets are gone through again, at most; twice as long each time.
    public var firstDelay: Duration
    public var longestDelay: Duration
    /// A provider that wants a longer pause than this is not waited for.
    public var longestRetryAfter: Duration

    /// Creates a policy; that of a model asked for by its own name by default.
    public init(
        strategy: ModelAlias.Strategy = .ordered,
        staysLocal: Bool = false,
        continuesAfterFirstToken: Bool = false,
        retries: Int = 2,
        hedgeAfter: Duration? = nil,
        total: Duration? = nil,
        firstDelay: Duration = .milliseconds(500),
        longestDelay: Duration = .seconds(8),
        longestRetryAfter: Duration = .seconds(20)
    ) {
        self.strategy = strategy
        self.staysLocal = staysLocal
        self.continuesAfterFirstToken = continuesAfterFirstToken
        self.retries = retries
        self.hedgeAfter = hedgeAfter
        self.total = total
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.longestRetryAfter = longestRetryAfter
    }
}
