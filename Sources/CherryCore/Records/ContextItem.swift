/// Something to be remembered that is no message: a note, or a fact in one sentence. All tools of the user's share it.
public struct ContextItem: Codable, Sendable, Hashable {
    /// What it is.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case note
        /// One short statement.
        case fact
    }

    /// Who brought it. What a tool brought is somebody else's words: shown as such, never followed as instructions.
    public struct Origin: Codable, Sendable, Hashable {
        /// The token that it came by; `nil` for the user's own.
        public var tokenID: RecordID?
        /// What the token was called at the time.
        public var name: String?
        /// What the program behind the token called itself.
        public var client: String?

        /// Describes an origin; without anything it is the user.
        public init(tokenID: RecordID? = nil, name: String? = nil, client: String? = nil) {
            self.tokenID = tokenID
            self.name = name
            self.client = client
        }

        /// Written by the user.
        public static let user = Origin()
    }

    public let id: RecordID
    public var kind: Kind
    public var title: String?
    /// Markdown.
    public var text: String
    public let origin: Origin
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    /// Creates an item.
    public init(
        id: RecordID = .make(),
        kind: Kind,
        title: String? = nil,
        text: String,
        origin: Origin,
        createdAt: Timestamp = .now
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        self.text = text
        self.origin = origin
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }
}
