/// A language-model service that the user added. Its key is a `StoredSecret` with the same id, never part of this record.
public struct Provider: Codable, Sendable, Hashable {
    /// Which translator speaks to it.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Any server with an OpenAI-compatible API.
        case openAI = "openai"
    }

    public let id: RecordID
    public var name: String
    public var kind: Kind
    /// The address up to and including the version, such as `https://api.example.com/v1`.
    public var baseURL: String
    /// The model used when nothing else is chosen.
    public var defaultModel: String?
    /// Tokens that the default model can read and write together; `nil` when unknown.
    public var contextLength: Int?
    public var isEnabled: Bool
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    /// Creates a provider.
    public init(
        id: RecordID = .make(),
        name: String,
        kind: Kind = .openAI,
        baseURL: String,
        defaultModel: String? = nil,
        contextLength: Int? = nil,
        createdAt: Timestamp = .now
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.baseURL = baseURL
        self.defaultModel = defaultModel
        self.contextLength = contextLength
        self.isEnabled = true
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }
}

/// A credential at rest. It has the id of the record that it belongs to and is sealed under the key for secrets.
public struct StoredSecret: Codable, Sendable, Hashable {
    public let id: RecordID
    public var value: String
    public var createdAt: Timestamp

    /// Creates a credential for the record `id`.
    public init(id: RecordID, value: String, createdAt: Timestamp = .now) {
        self.id = id
        self.value = value
        self.createdAt = createdAt
    }
}

extension StoredSecret: CustomStringConvertible, CustomReflectable {
    public var description: String { "StoredSecret(\(self.id))" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
