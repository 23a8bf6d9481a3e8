/// A language-model service that the user added. Its key is a `StoredSecret` with the same id, never part of this record.
public struct Provider: Codable, Sendable, Hashable {
    /// Which translator speaks to it.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Any server with an OpenAI-compatible API: Chat Completions.
        case openAI = "openai"
        /// OpenAI's Responses API.
        case openAIResponses = "openai-responses"
        /// Anthropic's Messages API.
        case anthropic
        /// Google's Gemini API.
        case gemini
        case mistral
        /// Ollama's own API.
        case ollama
        /// OpenAI's models in Azure.
        case azure
        /// The Converse API of AWS Bedrock.
        case bedrock
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
    /// Whether its address may be one of this machine or of a private network.
    public var allowsPrivateAddresses: Bool
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
        allowsPrivateAddresses: Bool = false,
        createdAt: Timestamp = .now
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.baseURL = baseURL
        self.defaultModel = defaultModel
        self.contextLength = contextLength
        self.isEnabled = true
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }

    /// Reads a provider. One that was stored before private addresses were asked about may be anywhere, as it was then.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.id = try container.decode(RecordID.self, forKey: .id)
        self.name = try container.decode(String.self, forKey: .name)
        self.kind = try container.decode(Kind.self, forKey: .kind)
        self.baseURL = try container.decode(String.self, forKey: .baseURL)
        self.defaultModel = try container.decodeIfPresent(String.self, forKey: .defaultModel)
        self.contextLength = try container.decodeIfPresent(Int.self, forKey: .contextLength)
        self.isEnabled = try container.decode(Bool.self, forKey: .isEnabled)
        self.allowsPrivateAddresses =
            try container.decodeIfPresent(Bool.self, forKey: .allowsPrivateAddresses) ?? true
        self.createdAt = try container.decode(Timestamp.self, forKey: .createdAt)
        self.updatedAt = try container.decode(Timestamp.self, forKey: .updatedAt)
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
