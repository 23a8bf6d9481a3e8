import CherryBridge
import CherryCore
import CherryNet
import Testing

/// A dialect as the tests of every door with every dialect see it. A new one is added to `all`.
struct DialectCase: Sendable, CustomTestStringConvertible {
    let dialect: any ProviderDialect
    let baseURL: String
    /// An answer as its API streams it: reasoning, text, two calls at once and usage.
    let answer: [UInt8]
    var contentType = "text/event-stream"
    /// Settings that it takes and that a door of the same API must read back as they were.
    var settings = ChatRequest(model: "m", messages: [])

    var testDescription: String { self.dialect.name }
    var endpoint: ProviderEndpoint { ProviderEndpoint(baseURL: self.baseURL, key: Secret("k")) }

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
            answer: Self.events([
                #"{"type":"response.created","response":{"id":"i","model":"m-1"}}"#,
                #"{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"hm"}"#,
                #"{"type":"response.output_text.delta","output_index":1,"delta":"Kir"}"#,
                #"{"type":"response.output_text.delta","output_index":1,"delta":"sche 🍒"}"#,
                #"{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","call_id":"a","name":"f","arguments":""}}"#,
                #"{"type":"response.function_call_arguments.delta","output_index":2,"delta":"{\"x\":"}"#,
                #"{"type":"response.function_call_arguments.delta","output_index":2,"delta":"1}"}"#,
                #"{"type":"response.output_item.added","output_index":3,"item":{"type":"function_call","call_id":"b","name":"g","arguments":""}}"#,
                #"{"type":"response.function_call_arguments.delta","output_index":3,"delta":"{}"}"#,
                #"{"type":"response.completed","response":{"id":"i","status":"completed","output":[],"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":3},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":1}}}}"#,
            ]),
            settings: FullRequest.settings(false)
        ),
    ]

    private static let chatChunks = [
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"content":"Kir"}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"content":"sche 🍒"}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":"}}]}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}},{"index":0,"function":{"arguments":"1}"}}]}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":1}}}"#,
        "[DONE]",
    ]

    /// What every `answer` says, put together.
    static let said: [ChatEvent] = [
        .started(id: "i", model: "m-1"), .reasoning("hm"), .text("Kirsche 🍒"), .toolCall(index: 0, id: "a", name: "f"),
        .toolArguments(index: 0, "{\"x\":1}"), .toolCall(index: 1, id: "b", name: "g"),
        .toolArguments(index: 1, "{}"), .usage(TokenUsage(prompt: 9, completion: 4, cachedPrompt: 3, reasoning: 1)),
        .finished(.toolCalls),
    ]

    static func events(_ chunks: [String]) -> [UInt8] { chunks.flatMap { Array("data: \($0)\n\n".utf8) } }
}
