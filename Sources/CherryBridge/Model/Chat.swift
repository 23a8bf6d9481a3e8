/// A request to a language model, in the product's own terms. Each provider's translator turns it into its API's.
public struct ChatRequest: Sendable, Hashable {
    /// The provider's name for the model.
    public var model: String
    public var messages: [ChatMessage]
    /// 0 to 2; `nil` leaves it to the provider.
    public var temperature: Double?
    /// The most tokens to generate; `nil` leaves it to the provider.
    public var maxTokens: Int?
    /// Texts that end generation.
    public var stop: [String]

    /// Creates a request.
    public init(
        model: String,
        messages: [ChatMessage],
        temperature: Double? = nil,
        maxTokens: Int? = nil,
        stop: [String] = []
    ) {
        self.model = model
        self.messages = messages
        self.temperature = temperature
        self.maxTokens = maxTokens
        self.stop = stop
    }
}

/// One message of a request.
public struct ChatMessage: Sendable, Hashable {
    /// Who speaks.
    public enum Role: String, Sendable, Codable {
        case system, user, assistant
    }

    public var role: Role
    /// Markdown or plain text.
    public var text: String

    /// Creates a message.
    public init(_ role: Role, _ text: String) {
        self.role = role
        self.text = text
    }
}

/// What a model sends back, piece by piece.
///
/// Order: any number of `text` and `reasoning`, then `usage` at most once, then `finished` exactly once. A stream that
/// ends without `finished` was cut off, and the provider throws `BridgeError` with code `.cutOff` instead.
public enum ChatEvent: Sendable, Hashable {
    case text(String)
    case reasoning(String)
    case usage(TokenUsage)
    case finished(FinishReason)
}

/// Tokens of one exchange, as the provider counted them.
public struct TokenUsage: Sendable, Hashable {
    public var prompt: Int
    public var completion: Int

    /// Creates a count.
    public init(prompt: Int, completion: Int) {
        self.prompt = prompt
        self.completion = completion
    }
}

/// Why a model stopped.
public enum FinishReason: Sendable, Hashable {
    case stop
    /// The token limit was reached; the text is cut short.
    case length
    /// The provider withheld content.
    case filtered
    /// A reason that this program does not know, as the provider names it.
    case other(String)
}

/// A model that a provider offers.
public struct ModelDescription: Sendable, Hashable, Codable {
    /// The provider's name for it.
    public var id: String
    /// Tokens it can read and write together; `nil` when the provider does not say.
    public var contextLength: Int?

    /// Describes a model.
    public init(id: String, contextLength: Int? = nil) {
        self.id = id
        self.contextLength = contextLength
    }
}

/// A language-model service. A conformer is a pure translator around one `HTTPTransport`.
///
/// - Throws: `BridgeError` throughout.
public protocol LanguageModelProvider: Sendable {
    /// Sends `request` and hands each event to `receive`, which may take its time: nothing more is read meanwhile.
    ///
    /// Cancelling the calling task, or throwing from `receive`, closes the connection to the provider.
    func chat(_ request: ChatRequest, _ receive: (ChatEvent) async throws -> Void) async throws

    /// The models on offer.
    func models() async throws -> [ModelDescription]

    /// One vector for each text.
    func embeddings(for texts: [String], model: String) async throws -> [[Float]]

    /// How many tokens each text takes in `model`, or `nil` when only an estimate can be had.
    func tokenCounts(of texts: [String], model: String) async throws -> [Int]?
}
