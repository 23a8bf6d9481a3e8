import CherryCore

/// One message of a request.
public struct ChatMessage: Sendable, Hashable {
    /// Who speaks.
    public enum Role: String, Sendable, Codable {
        case system, user, assistant
        /// The results of calls: holds `toolResult` parts only.
        case tool
    }

    public var role: Role
    /// In order. An assistant's reasoning precedes what it says, and its calls follow.
    public var parts: [ContentPart]

    /// Creates a message of several parts.
    public init(_ role: Role, parts: [ContentPart]) {
        self.role = role
        self.parts = parts
    }

    /// Creates a message of text alone.
    public init(_ role: Role, _ text: String) {
        self.init(role, parts: [.text(text)])
    }

    /// All text parts, one after another.
    public var text: String {
        self.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
    }
}

/// A piece of a message.
public enum ContentPart: Sendable, Hashable {
    /// Markdown or plain text.
    case text(String)
    case image(Media)
    case file(Media)
    /// What an assistant thought. Goes back to the same provider only: others cannot verify it.
    case reasoning(Reasoning)
    case toolCall(ToolCall)
    case toolResult(ToolResult)
}

/// An image or a file, with its bytes or its address.
public struct Media: Sendable, Hashable {
    /// Where the bytes are.
    public enum Source: Sendable, Hashable {
        /// In base64, as every API carries them.
        case base64(String)
        /// At an address that the provider fetches itself.
        case url(String)
        /// Under an id that the provider gave on upload.
        case id(String)
    }

    /// Such as `image/png`; `nil` when unknown.
    public var type: String?
    public var source: Source
    /// The file's name, for files.
    public var name: String?
    /// How closely an image is looked at: `low`, `high`, `auto`; `nil` leaves it to the provider.
    public var detail: String?

    /// Names an image or a file.
    public init(type: String?, source: Source, name: String? = nil, detail: String? = nil) {
        self.type = type
        self.source = source
        self.name = name
        self.detail = detail
    }
}

/// A piece of reasoning, with what its provider needs to take it back.
public struct Reasoning: Sendable, Hashable {
    /// In words; empty when the provider keeps it to itself.
    public var text: String
    /// Proves to the provider that the text is its own.
    public var signature: String?
    /// Reasoning that only its provider can read.
    public var encrypted: String?
    /// The provider's id for it.
    public var id: String?

    /// Creates a piece of reasoning.
    public init(text: String, signature: String? = nil, encrypted: String? = nil, id: String? = nil) {
        self.text = text
        self.signature = signature
        self.encrypted = encrypted
        self.id = id
    }
}

/// A tool call that a model made.
public struct ToolCall: Sendable, Hashable {
    /// Names the call; its result refers to it.
    public var id: String
    public var name: String
    /// JSON text, normally an object, exactly as the model wrote it.
    public var arguments: String
    /// Proves to the provider that the call is its own; some models demand it back.
    public var signature: String?

    /// Creates a call.
    public init(id: String, name: String, arguments: String, signature: String? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.signature = signature
    }
}

/// What came of a call.
public struct ToolResult: Sendable, Hashable {
    public var callID: String
    /// The tool's name; some providers want it again.
    public var name: String?
    /// Text, images and files.
    public var parts: [ContentPart]
    public var isError: Bool

    /// Creates a result.
    public init(callID: String, name: String? = nil, parts: [ContentPart], isError: Bool = false) {
        self.callID = callID
        self.name = name
        self.parts = parts
        self.isError = isError
    }
}
