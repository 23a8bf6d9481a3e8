import CherryBridge
import CherryCore
import CherryNet
import Testing

/// A dialect as the tests of every door with every dialect see it. A new one is added to `all`.
struct DialectCase: Sendable, CustomTestStringConvertible {
    let dialect: any ProviderDialect
    let baseURL: String
    var key = "k"
    /// An answer as its API streams it: reasoning, text, two calls at once and usage.
    let answer: [UInt8]
    /// What `answer` says, put together.
    var said = Self.saying()
    var contentType = "text/event-stream"
    /// Settings that it takes and that a door of the same API must read back as they were.
    var settings = ChatRequest(model: "m", messages: [])

    var testDescription: String { self.dialect.name }
    var endpoint: ProviderEndpoint { ProviderEndpoint(baseURL: self.baseURL, key: Secret(self.key)) }

    static let all = [
        DialectCase(
            dialect: OpenAIChatDialect(),
            baseURL: "https://api.example.com/v1",
            answer: Self.events(Self.chatChunks),
            settings: FullRequest.settings()
        ),
        DialectCase(
            dialect: AzureOpenAIDialect(),
            baseURL: "https://n.openai.azure.com",
            answer: Self.events([#"{"id":"","model":"","choices":[],"prompt_filter_results":[]}"#] + Self.chatChunks),
            settings: FullRequest.settings()
        ),
        DialectCase(
            dialect: MistralDialect(),
            baseURL: "https://api.mistral.ai/v1",
            answer: Self.events(
                Self.chatChunks.map {
                    $0.replacing(
                        #""reasoning_content":"hm""#,
                        with: #""content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]"#
                    )
                }
            )
        ),
        DialectCase(
            dialect: OpenAIResponsesDialect(),
            baseURL: "https://api.example.com/v1",
            answer: Self.events(Self.responsesChunks),
            settings: FullRequest.settings(false)
        ),
        DialectCase(
            dialect: AnthropicDialect(),
            baseURL: "https://api.anthropic.com/v1",
            answer: Self.events(Self.anthropicChunks),
            settings: Self.anthropicSettings
        ),
        DialectCase(
            dialect: GeminiDialect(),
            baseURL: "https://generativelanguage.googleapis.com/v1beta",
            answer: Self.events(Self.geminiChunks)
        ),
        DialectCase(
            dialect: OllamaDialect(),
            baseURL: "http://127.0.0.1:11434",
            answer: Self.ollamaLines.flatMap { Array("\($0)\n".utf8) },
            said: Self.saying(.started(id: nil, model: "m-1"), TokenUsage(prompt: 9, completion: 4)),
            contentType: "application/x-ndjson"
        ),
        DialectCase(
            dialect: BedrockDialect(),
            baseURL: "https://bedrock-runtime.us-east-1.amazonaws.com",
            key: "AKID:SECRET",
            answer: Self.bedrockMessages.flatMap { EventStreamMessage.event($0, $1).bytes },
            said: Self.saying(nil, TokenUsage(prompt: 9, completion: 4, cachedPrompt: 3)),
            contentType: "application/vnd.amazon.eventstream"
        ),
    ]
}
