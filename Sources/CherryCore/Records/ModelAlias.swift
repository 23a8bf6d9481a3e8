/// A name under which models are asked for, such as `fast`, `smart` or `private`, and the models that answer to it.
public struct ModelAlias: Codable, Sendable, Hashable {
    /// How the first target is chosen. The others follow when it fails.
    public enum Strategy: String, Codable, Sendable, CaseIterable {
        /// The first that can be asked.
        case ordered
        /// By chance, each as often as its weight says.
        case weighted
    }

    /// One model that may answer.
    public struct Target: Codable, Sendable, Hashable {
        public var model: ModelReference
        /// 1 to 1000; counts when the strategy is `weighted`.
        public var weight: Int

        /// Names a target.
        public init(model: ModelReference, weight: Int = 1) {
            self.model = model
            self.weight = weight
        }
    }

    /// How long things may take; `nil` takes the transport's own limit.
    public struct TimeLimits: Codable, Sendable, Hashable {
        /// To an open connection, TLS included.
        public var connectMilliseconds: Int64?
        /// From the sending of a request to the first token of its answer.
        public var firstTokenMilliseconds: Int64?
        /// The longest silence within an answer.
        public var gapMilliseconds: Int64?
        /// For all attempts together.
        public var totalMilliseconds: Int64?

        /// Creates limits.
        public init(
            connectMilliseconds: Int64? = nil,
            firstTokenMilliseconds: Int64? = nil,
            gapMilliseconds: Int64? = nil,
            totalMilliseconds: Int64? = nil
        ) {
            self.connectMilliseconds = connectMilliseconds
            self.firstTokenMilliseconds = firstTokenMilliseconds
            self.gapMilliseconds = gapMilliseconds
            self.totalMilliseconds = totalMilliseconds
        }
    }

    public let id: RecordID
    /// Letters, digits, `.`, `_` and `-`; unique among aliases without regard to case.
    public var name: String
    public var strategy: Strategy
    /// At least one. In order of preference.
    public var targets: [Target]
    /// Whether only models of this machine may answer, whatever the targets say.
    public var staysLocal: Bool
    /// Whether an answer that broke off is continued by the next target.
    public var continuesAfterFirstToken: Bool
    /// How often the targets are gone through again after all of them failed.
    public var retries: Int
    /// How long the first target may be silent before the next is asked besides it; the first token wins. `nil`: never.
    public var hedgeAfterMilliseconds: Int64?
    public var limits: TimeLimits
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    /// Creates an alias that goes through its targets in order.
    public init(
        id: RecordID = .make(),
        name: String,
        strategy: Strategy = .ordered,
        targets: [Target],
        staysLocal: Bool = false,
        continuesAfterFirstToken: Bool = false,
        retries: Int = 2,
        hedgeAfterMilliseconds: Int64? = nil,
        limits: TimeLimits = TimeLimits(),
        createdAt: Timestamp = .now
    ) {
        self.id = id
        self.name = name
        self.strategy = strategy
        self.targets = targets
        self.staysLocal = staysLocal
        self.continuesAfterFirstToken = continuesAfterFirstToken
        self.retries = retries
        self.hedgeAfterMilliseconds = hedgeAfterMilliseconds
        self.limits = limits
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }
}
