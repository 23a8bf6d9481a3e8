import CherryCore

/// What was asked, as far as the answer depends on it.
struct Question: Sendable, Hashable {
    var api: ProviderAPI
    var model: String
    var isStreamed: Bool
    /// Whether the request asks for usage within the stream, where an API makes a difference.
    var wantsUsage = true
}

/// The APIs that the service speaks.
enum ProviderAPI: String, Sendable, CaseIterable {
    case openAI, responses, anthropic, gemini, ollama, bedrock, mistral, azure

    var writer: any AnswerWriter {
        switch self {
        case .openAI: OpenAIChatWriter(isAzure: false)
        case .azure: OpenAIChatWriter(isAzure: true)
        case .responses: ResponsesWriter()
        case .anthropic: AnthropicWriter()
        case .gemini: GeminiWriter()
        case .ollama: OllamaWriter()
        case .bedrock: BedrockWriter()
        case .mistral: MistralWriter()
        }
    }
}

/// Says a script in the words of one API: pure translation, written from the API's public reference.
protocol AnswerWriter: Sendable {
    /// How events become bytes.
    var framing: StreamFraming { get }
    /// The answer to a request that is not streamed.
    func whole(_ script: Script, to question: Question) -> JSONValue
    /// The answer to a request that is streamed.
    func events(_ script: Script, to question: Question) -> [AnswerEvent]
    /// An error with its HTTP status.
    func refusal(_ status: Int, _ message: String) -> Refusal
    /// An error within a stream, after so many events.
    func errorEvent(_ message: String, after count: Int) -> AnswerEvent
}

/// The body of a refusal, and headers that come with it.
struct Refusal: Sendable, Hashable {
    var headers: [(String, String)] = []
    var body: JSONValue

    static func == (left: Self, right: Self) -> Bool {
        left.body == right.body && left.headers.elementsEqual(right.headers, by: ==)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(self.body) }
}

/// One event of a streamed answer.
struct AnswerEvent: Sendable, Hashable {
    /// Where it belongs; scripts leave out or repeat by it.
    enum Part: Sendable {
        case opening, content
        /// Tells the reason, and what comes with it.
        case ending
        /// Only says that nothing more comes.
        case terminator
    }

    /// The event's name, where the API names events.
    var name: String
    var data: [UInt8]
    var part: Part
    /// Whether a piece of the script's content is complete with it.
    var completesPiece = false
    /// Whether it is an error, which some framings mark.
    var isError = false

    /// An event of JSON with a name.
    init(_ name: String, _ value: JSONValue, _ part: Part = .content, completesPiece: Bool = false) {
        self.name = name
        self.data = value.bytes
        self.part = part
        self.completesPiece = completesPiece
    }

    /// An event of JSON without a name.
    init(_ value: JSONValue, _ part: Part = .content, completesPiece: Bool = false) {
        self.init("", value, part, completesPiece: completesPiece)
    }

    /// An event that is no JSON.
    init(text: String, _ part: Part) {
        self.init("", .null, part)
        self.data = Array(text.utf8)
    }

    /// The same event, marked as an error.
    var asError: AnswerEvent {
        var event = self
        event.isError = true
        return event
    }
}

extension JSONValue {
    /// A whole number.
    static func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    /// The value that a JSON text stands for; a text that is none stands for itself.
    static func reading(_ text: String) -> JSONValue {
        // A script may send broken arguments on purpose.
        (try? JSONValue(parsing: text)) ?? .string(text)
    }
}

extension Script.Usage {
    /// What is counted when `done` of `all` pieces have been sent: the completion grows, the rest stands.
    func partial(_ done: Int, of all: Int) -> Script.Usage {
        guard all > 0, done < all else { return self }
        var usage = self
        usage.completion = self.completion * done / all
        usage.reasoning = min(self.reasoning, usage.completion)
        return usage
    }

    /// Prompt tokens that no cache had a part in.
    var freshPrompt: Int { self.prompt - self.cached - self.cacheWrite }
}

/// When answers say that they were made: a fixed moment, so that the same script gives the same bytes.
enum Moment {
    static let seconds = 1_760_000_000
    static let text = "2025-10-09T08:53:20.000000Z"
}
