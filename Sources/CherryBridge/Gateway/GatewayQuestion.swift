public import CherryCore

/// What a client asks of the gateway.
public struct GatewayQuestion: Sendable {
    /// The bytes that the client sent, to be passed on to a provider of the same API.
    public struct Original: Sendable {
        public var api: WireAPI
        public var body: [UInt8]
        /// Whether a stream of the Chat Completions API must be asked for its usage, which the client did not.
        public var addsUsage: Bool
        /// What the user wrote; looked up only when it is needed.
        public var userTexts: @Sendable () -> [String]

        /// Names the bytes of a request.
        public init(
            api: WireAPI,
            body: [UInt8],
            addsUsage: Bool,
            userTexts: @escaping @Sendable () -> [String]
        ) {
            self.api = api
            self.body = body
            self.addsUsage = addsUsage
            self.userTexts = userTexts
        }
    }

    /// The name that was asked for.
    public var model: String
    public var isStreamed: Bool
    /// `nil` when every provider is to be asked in the product's own terms.
    public var original: Original?
    /// Reads the request in the product's own terms; done only for providers that are not given the bytes.
    public var chat: @Sendable () throws -> ChatRequest

    /// Creates a question.
    public init(
        model: String,
        isStreamed: Bool,
        original: Original? = nil,
        chat: @escaping @Sendable () throws -> ChatRequest
    ) {
        self.model = model
        self.isStreamed = isStreamed
        self.original = original
        self.chat = chat
    }

    /// Asks in the product's own terms.
    public init(_ request: ChatRequest) {
        self.init(model: request.model, isStreamed: request.isStreamed) { request }
    }

    /// Bytes of what the user wrote.
    var textLength: Int {
        let texts = self.original?.userTexts() ?? (try? self.chat())?.userTexts ?? []  // an estimate of nothing is 0
        return texts.reduce(0) { $0 + $1.utf8.count }
    }
}

/// On whose behalf a model is asked.
public struct GatewayCaller: Sendable {
    /// The token of another tool; `nil` for the product itself, which has neither scope nor budget.
    public var token: BridgeToken?
    public var conversationID: RecordID?

    /// The product itself.
    public static let product = GatewayCaller()

    /// Names a caller.
    public init(token: BridgeToken? = nil, conversationID: RecordID? = nil) {
        self.token = token
        self.conversationID = conversationID
    }
}

/// A name that can be asked for.
public struct GatewayModel: Sendable, Hashable {
    /// An alias, or `provider/model`.
    public var name: String
    /// The provider's name, or `cherry` for an alias.
    public var owner: String
    public var createdAt: Timestamp?
    public var contextLength: Int?

    /// Describes a name.
    public init(name: String, owner: String, createdAt: Timestamp? = nil, contextLength: Int? = nil) {
        self.name = name
        self.owner = owner
        self.createdAt = createdAt
        self.contextLength = contextLength
    }
}
