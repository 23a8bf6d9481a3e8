/// What another tool shows to speak through the bridge, and what it may do. The token itself is kept nowhere.
public struct BridgeToken: Codable, Sendable, Hashable {
    /// What a tool may do with the user's context.
    public enum ContextAccess: String, Codable, Sendable, CaseIterable {
        case none, read, write
    }

    /// What may be spent in one period.
    public struct Budget: Codable, Sendable, Hashable {
        /// Millionths of a US dollar; `nil` is no limit.
        public var microDollars: Int64?
        /// Tokens read and written together; `nil` is no limit.
        public var tokens: Int64?

        /// Creates a budget.
        public init(microDollars: Int64? = nil, tokens: Int64? = nil) {
            self.microDollars = microDollars
            self.tokens = tokens
        }
    }

    /// How answers are given again to questions that only say the same in other words.
    public struct SemanticCache: Codable, Sendable, Hashable {
        /// How alike two questions must be: the least cosine of the angle between their vectors, 0.8 to 1.
        public var threshold: Double
        /// How long an answer is given again.
        public var seconds: Int
        /// The name of the model that turns questions into vectors, as tools ask for it; `nil` compares their wording,
        /// which needs no model.
        public var embeddings: String?

        /// Creates a setting.
        public init(threshold: Double = 0.95, seconds: Int = 3600, embeddings: String? = nil) {
            self.threshold = threshold
            self.seconds = seconds
            self.embeddings = embeddings
        }
    }

    public let id: RecordID
    /// What the user calls the tool.
    public var name: String
    /// SHA-256 of the token, 32 bytes as lower-case hexadecimal.
    public var digest: String
    /// The first characters of the token, to recognise it by.
    public var prefix: String
    /// The names of models and aliases that may be asked for, `*` at the end standing for any rest; `nil` is all.
    public var models: [String]?
    public var contextAccess: ContextAccess
    /// `nil` is no limit.
    public var requestsPerMinute: Int?
    /// From midnight to midnight, UTC.
    public var daily: Budget
    /// From the first of the month, UTC.
    public var monthly: Budget
    /// How long an answer is given again to the very same request; `nil` is never.
    public var cacheSeconds: Int?
    /// `nil` is never.
    public var semanticCache: SemanticCache?
    public var createdAt: Timestamp
    public var expiresAt: Timestamp?
    public var revokedAt: Timestamp?
    /// To about five minutes.
    public var lastUsedAt: Timestamp?

    /// Creates a token without limits.
    public init(
        id: RecordID = .make(),
        name: String,
        digest: String,
        prefix: String,
        models: [String]? = nil,
        contextAccess: ContextAccess = .none,
        requestsPerMinute: Int? = nil,
        daily: Budget = Budget(),
        monthly: Budget = Budget(),
        cacheSeconds: Int? = nil,
        semanticCache: SemanticCache? = nil,
        createdAt: Timestamp = .now,
        expiresAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.digest = digest
        self.prefix = prefix
        self.models = models
        self.contextAccess = contextAccess
        self.requestsPerMinute = requestsPerMinute
        self.daily = daily
        self.monthly = monthly
        self.cacheSeconds = cacheSeconds
        self.semanticCache = semanticCache
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = nil
        self.lastUsedAt = nil
    }
}

extension BridgeToken {
    /// Whether the token opens anything at `time`.
    public func isValid(at time: Timestamp) -> Bool {
        self.revokedAt == nil && self.expiresAt.map { time < $0 } ?? true
    }

    /// Whether a model may be asked for under any of `names`.
    public func allows(modelNamed names: [String]) -> Bool {
        guard let models = self.models else { return true }
        return models.contains { pattern in names.contains { NamePattern(pattern).matches($0) } }
    }
}
