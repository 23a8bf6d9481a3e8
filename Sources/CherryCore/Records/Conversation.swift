/// One conversation: a tree of messages with a title.
public struct Conversation: Codable, Sendable, Hashable {
    /// Where a title came from. A title the user wrote is never replaced by the model.
    public enum TitleSource: String, Codable, Sendable {
        case fallback, model, user
    }

    public let id: RecordID
    public var title: String
    public var titleSource: TitleSource
    /// Titles that lost a conflict between two devices and were kept, newest last.
    public var otherTitles: [String]
    public var personaID: RecordID?
    /// The model chosen for this conversation; `nil` means the persona's, then the default.
    public var model: ModelReference?
    /// The last message of the branch on show; `nil` in an empty conversation.
    public var activeLeaf: RecordID?
    /// Replies that were being written when this was stored. Whatever is listed here after a start was interrupted.
    public var liveReplies: [RecordID]
    public var isPinned: Bool
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    /// When the user deleted it; it can be restored until it is purged.
    public var deletedAt: Timestamp?

    /// Creates a conversation without messages.
    public init(
        id: RecordID = .make(),
        title: String = "New conversation",
        titleSource: TitleSource = .fallback,
        personaID: RecordID? = nil,
        model: ModelReference? = nil,
        createdAt: Timestamp = .now
    ) {
        self.id = id
        self.title = title
        self.titleSource = titleSource
        self.otherTitles = []
        self.personaID = personaID
        self.model = model
        self.activeLeaf = nil
        self.liveReplies = []
        self.isPinned = false
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.deletedAt = nil
    }

    /// Reads a conversation; what every conversation starts without may be left out.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(RecordID.self, forKey: .id)
        self.title = try container.decode(String.self, forKey: .title)
        self.titleSource = try container.decode(TitleSource.self, forKey: .titleSource)
        self.otherTitles = try container.decodeIfPresent([String].self, forKey: .otherTitles) ?? []
        self.personaID = try container.decodeIfPresent(RecordID.self, forKey: .personaID)
        self.model = try container.decodeIfPresent(ModelReference.self, forKey: .model)
        self.activeLeaf = try container.decodeIfPresent(RecordID.self, forKey: .activeLeaf)
        self.liveReplies = try container.decodeIfPresent([RecordID].self, forKey: .liveReplies) ?? []
        self.isPinned = try container.decodeIfPresent(Bool.self, forKey: .isPinned) ?? false
        self.createdAt = try container.decode(Timestamp.self, forKey: .createdAt)
        self.updatedAt = try container.decode(Timestamp.self, forKey: .updatedAt)
        self.deletedAt = try container.decodeIfPresent(Timestamp.self, forKey: .deletedAt)
    }
}

/// A model of one provider, or an alias.
public struct ModelReference: Codable, Sendable, Hashable {
    /// The provider's record, `ModelReference.localProvider` for the built-in local model, or `ModelReference.aliases`.
    public var providerID: RecordID
    /// The provider's own name for the model, or the alias's name.
    public var model: String

    /// The fixed id of the built-in local provider.
    public static let localProvider = RecordID("00000000-0000-7000-8000-000000000001")!
    /// The fixed id that stands for no provider: the model is the name of an alias.
    public static let aliases = RecordID("00000000-0000-7000-8000-000000000002")!

    /// Names a model of a provider.
    public init(providerID: RecordID, model: String) {
        self.providerID = providerID
        self.model = model
    }

    /// Whether it names an alias.
    public var isAlias: Bool { self.providerID == Self.aliases }
}
