public import CherryCore
public import CherryStore

/// A message of the user's that is to be answered. An edit is a message with the parent of the one it replaces.
public struct SendRequest: Sendable {
    public var conversationID: RecordID
    /// Made by the client, so that sending twice sends once.
    public var messageID: RecordID
    /// The message it follows; `nil` for a first message or another beginning.
    public var parentID: RecordID?
    public var content: String
    /// The model for this reply only; `nil` means the conversation's, the persona's, the default.
    public var model: ModelReference?
    /// The persona for this reply only.
    public var personaID: RecordID?
    /// Whether the model may call tools.
    public var usesTools: Bool

    /// Describes a message to send.
    public init(
        conversationID: RecordID,
        messageID: RecordID,
        parentID: RecordID?,
        content: String,
        model: ModelReference? = nil,
        personaID: RecordID? = nil,
        usesTools: Bool = true
    ) {
        self.conversationID = conversationID
        self.messageID = messageID
        self.parentID = parentID
        self.content = content
        self.model = model
        self.personaID = personaID
        self.usesTools = usesTools
    }
}

/// A message of the user's that is to be answered again, beside the answers it has.
public struct RegenerateRequest: Sendable {
    public var conversationID: RecordID
    /// The user's message.
    public var parentID: RecordID
    public var model: ModelReference?
    public var personaID: RecordID?
    /// Whether the model may call tools.
    public var usesTools: Bool

    /// Describes a reply to make.
    public init(
        conversationID: RecordID,
        parentID: RecordID,
        model: ModelReference? = nil,
        personaID: RecordID? = nil,
        usesTools: Bool = true
    ) {
        self.conversationID = conversationID
        self.parentID = parentID
        self.model = model
        self.personaID = personaID
        self.usesTools = usesTools
    }
}

/// What a request wrote before the model was asked.
public struct TurnStart: Sendable {
    /// The user's message; `nil` when only another reply was asked for.
    public let user: Versioned<Message>?
    /// The reply, empty as yet.
    public let reply: Versioned<Message>
    public let conversation: Versioned<Conversation>
}
