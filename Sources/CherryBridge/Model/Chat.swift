public import CherryCore

/// A request to a language model, in the product's own terms. Each provider's dialect turns it into its API's.
///
/// A dialect that cannot express a field throws `BridgeError` with code `.unsupported` and names it: nothing that
/// changes the answer is ever dropped in silence.
public struct ChatRequest: Sendable, Hashable {
    /// The provider's name for the model.
    public var model: String
    public var messages: [ChatMessage]
    /// What the model may call. Order is kept: a prompt cache depends on it.
    public var tools: [ToolDefinition]
    /// `nil` leaves it to the provider, which means `auto`.
    public var toolChoice: ToolChoice?
    /// Whether several tools may be called at once; `nil` leaves it to the provider.
    public var allowsParallelCalls: Bool?
    /// `nil` is free text.
    public var format: ResponseFormat?
    /// 0 to 2; `nil` leaves it to the provider.
    public var temperature: Double?
    /// 0 to 1; `nil` leaves it to the provider.
    public var topP: Double?
    /// At least 1; `nil` leaves it to the provider.
    public var topK: Int?
    /// The most tokens to generate, reasoning included; `nil` leaves it to the provider.
    public var maxTokens: Int?
    /// Texts that end generation.
    public var stop: [String]
    public var seed: Int?
    /// -2 to 2.
    public var frequencyPenalty: Double?
    /// -2 to 2.
    public var presencePenalty: Double?
    /// How many alternatives to report for each token, 0 to 20; 0 reports the chosen token alone, `nil` nothing.
    public var topLogProbabilities: Int?
    /// How much the model is to think first; `nil` leaves it to the provider.
    public var reasoning: ReasoningEffort?
    /// Whether pieces are wanted as they come. A provider is asked for a stream or a whole answer accordingly.
    public var isStreamed: Bool

    /// Creates a request; everything but the model and the messages starts at what the provider takes by default.
    public init(
        model: String,
        messages: [ChatMessage],
        temperature: Double? = nil,
        maxTokens: Int? = nil,
        stop: [String] = [],
        isStreamed: Bool = true
    ) {
        self.model = model
        self.messages = messages
        self.tools = []
        self.toolChoice = nil
        self.allowsParallelCalls = nil
        self.format = nil
        self.temperature = temperature
        self.topP = nil
        self.topK = nil
        self.maxTokens = maxTokens
        self.stop = stop
        self.seed = nil
        self.frequencyPenalty = nil
        self.presencePenalty = nil
        self.topLogProbabilities = nil
        self.reasoning = nil
        self.isStreamed = isStreamed
    }
}

/// How long a model thinks before it answers.
public enum ReasoningEffort: Sendable, Hashable {
    /// Not at all, where the model can be told so.
    case none
    case minimal, low, medium, high
    /// At most so many tokens.
    case tokens(Int)
}

/// The shape of an answer.
public enum ResponseFormat: Sendable, Hashable {
    /// Any JSON object.
    case json
    /// JSON that a schema allows.
    case schema(name: String, schema: JSONValue, isStrict: Bool, description: String?)
}

/// A tool that the model may call.
public struct ToolDefinition: Sendable, Hashable {
    public var name: String
    public var description: String?
    /// JSON Schema of the arguments, an object.
    public var parameters: JSONValue?
    /// Whether arguments must match the schema exactly; `nil` leaves it to the provider.
    public var isStrict: Bool?

    /// Describes a tool.
    public init(name: String, description: String? = nil, parameters: JSONValue? = nil, isStrict: Bool? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.isStrict = isStrict
    }
}

/// Whether and which tool must be called.
public enum ToolChoice: Sendable, Hashable {
    case auto, none
    /// At least one of them.
    case required
    /// This one.
    case tool(String)
}
