/// One message in a conversation's tree.
public struct Message: Codable, Sendable, Hashable {
    /// Who wrote it.
    public enum Role: String, Codable, Sendable {
        case user, assistant
    }

    /// How far it got. Exits: `streaming` → any other; `failed`, `stopped`, `interrupted`, `complete` are final.
    public enum State: String, Codable, Sendable {
        /// Text is still arriving.
        case streaming
        case complete
        /// The user stopped it; what had arrived is kept.
        case stopped
        /// The provider failed; `failure` says how, and what had arrived is kept.
        case failed
        /// The server ended while it was streaming; what had arrived is kept.
        case interrupted
    }

    /// Why a reply failed, in words for the user.
    public struct Failure: Codable, Sendable, Hashable {
        public var code: String
        public var message: String
        public var hint: String?

        /// Describes a failure.
        public init(code: String, message: String, hint: String? = nil) {
            self.code = code
            self.message = message
            self.hint = hint
        }
    }

    /// Figures of one reply.
    public struct Metrics: Codable, Sendable, Hashable {
        /// Tokens of the request, as the provider counted them.
        public var promptTokens: Int?
        /// Tokens of the reply.
        public var completionTokens: Int?
        /// Whether the counts are our estimate because the provider sent none.
        public var isEstimated: Bool
        /// Milliseconds from the request to the first token.
        public var firstTokenMilliseconds: Int64?
        /// Milliseconds from the request to the end.
        public var totalMilliseconds: Int64?
        /// How many messages of the history were left out to fit the model's context; 0 for none.
        public var omittedMessages: Int

        /// Creates figures; what is not known is `nil`.
        public init(
            promptTokens: Int? = nil,
            completionTokens: Int? = nil,
            isEstimated: Bool = false,
            firstTokenMilliseconds: Int64? = nil,
            totalMilliseconds: Int64? = nil,
            omittedMessages: Int = 0
        ) {
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
            self.isEstimated = isEstimated
            self.firstTokenMilliseconds = firstTokenMilliseconds
            self.totalMilliseconds = totalMilliseconds
            self.omittedMessages = omittedMessages
        }
    }

    public let id: RecordID
    public let conversationID: RecordID
    /// The message this one answers or follows; `nil` for a first message. Siblings are branches.
    public let parentID: RecordID?
    public let role: Role
    /// Markdown.
    public var content: String
    /// What a reasoning model thought aloud, where it says.
    public var reasoning: String?
    public var state: State
    public var failure: Failure?
    /// Calls of tools that a reply made, in order; `nil` for none.
    public var toolUses: [ToolUse]?
    /// The persona that answered.
    public var personaID: RecordID?
    public var model: ModelReference?
    public var metrics: Metrics?
    public var createdAt: Timestamp

    /// Creates a message.
    public init(
        id: RecordID = .make(),
        conversationID: RecordID,
        parentID: RecordID?,
        role: Role,
        content: String,
        state: State = .complete,
        personaID: RecordID? = nil,
        model: ModelReference? = nil,
        createdAt: Timestamp = .now
    ) {
        self.id = id
        self.conversationID = conversationID
        self.parentID = parentID
        self.role = role
        self.content = content
        self.state = state
        self.personaID = personaID
        self.model = model
        self.createdAt = createdAt
    }
}
