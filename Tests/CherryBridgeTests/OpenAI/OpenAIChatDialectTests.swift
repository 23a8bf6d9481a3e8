import CherryBridge
import CherryCore
import CherryNet
import Testing

private enum OpenAIChatCases {
    static let words: [(String, JSONValue, @Sendable (inout ChatRequest) -> Void)] = [
        ("tool_choice", JSONValue.string("auto"), { $0.toolChoice = .auto }),
        ("tool_choice", "none", { $0.toolChoice = ToolChoice.none }),
        ("tool_choice", "required", { $0.toolChoice = .required }),
        ("response_format", ["type": "json_object"], { $0.format = .json }),
        ("reasoning_effort", "none", { $0.reasoning = ReasoningEffort.none }),
        ("reasoning_effort", "minimal", { $0.reasoning = .minimal }),
        ("reasoning_effort", "medium", { $0.reasoning = .medium }),
        ("reasoning_effort", "high", { $0.reasoning = .high }), ("logprobs", true, { $0.topLogProbabilities = 0 }),
    ]

    static let refusals: [(@Sendable (inout ChatRequest) -> Void, String)] = [
        ({ $0.topK = 1 }, "top_k"), ({ $0.reasoning = .tokens(5) }, "reasoning tokens"),
        (
            { $0.messages = [ChatMessage(.user, parts: [.file(Media(type: nil, source: .url("https://x")))])] },
            "files by their address"
        ),
        (
            { $0.messages = [ChatMessage(.user, parts: [.image(Media(type: nil, source: .id("i")))])] },
            "images by an id"
        ), ({ $0.messages = [ChatMessage(.tool, "x")] }, "beside a tool's result"),
    ]
}

@Suite("OpenAI-compatible API, requests")
struct OpenAIChatDialectTests {
    let dialect = OpenAIChatDialect()
    let endpoint = ProviderEndpoint(baseURL: "https://api.example.com/v1", key: Secret("k"))

    private func body(_ request: ChatRequest) throws -> JSONValue {
        try JSONValue(parsing: try self.dialect.chatRequest(request, to: self.endpoint).body ?? [])
    }

    @Test("Every setting has its field")
    func settings() throws {
        let expected =
            #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true},"temperature":0.5,"top_p":0.9,"max_tokens":100,"stop":["a","b"],"seed":7,"frequency_penalty":0.1,"presence_penalty":-0.2,"logprobs":true,"top_logprobs":3,"reasoning_effort":"low","tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"x":{"type":"integer"}}},"strict":true}},{"type":"function","function":{"name":"g"}}],"tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"x":{"type":"integer"}}},"strict":true,"description":"e"}}}"#
        #expect(try self.body(FullRequest.settings()).text == expected)
    }

    @Test("What is not set is not sent")
    func least() throws {
        let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "Hi")], isStreamed: false)
        let expected = #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":false}"#
        #expect(try self.body(request).text == expected)
    }

    @Test(
        "A call's signature goes back to Gemini's models, and to no others",
        arguments: [
            ("gemini-3-pro", true), ("google/Gemini-3-flash", true), ("m", false),
        ]
    )
    func signatures(model: String, isSent: Bool) throws {
        let call = ToolCall(id: "a", name: "f", arguments: "{}", signature: "S")
        let request = ChatRequest(model: model, messages: [ChatMessage(.assistant, parts: [.toolCall(call)])])
        let sent = try self.body(request)["messages"]?.array?.first?["tool_calls"]?.array?.first
        #expect(sent?["id"] == "a")
        #expect(sent?["extra_content"] == (isSent ? ["google": ["thought_signature": "S"]] : nil))
    }

    @Test("A conversation has every part in its place; results of several calls are messages of their own")
    func messages() throws {
        let expected = doorJSON(
            #"""
            [{"role":"system","content":"Be brief."},
             {"role":"user","content":[{"type":"text","text":"Look"},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
               {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
               {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}}]},
             {"role":"assistant","content":"I look.","tool_calls":[
               {"id":"call_a","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}},
               {"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"call_a","content":"one"},
             {"role":"tool","tool_call_id":"call_b","content":[{"type":"text","text":"two"},{"type":"text","text":"three"}]},
             {"role":"user","content":"Go on"}]
            """#
        )
        #expect(try self.body(ChatRequest(model: "m", messages: FullRequest.conversation))["messages"] == expected)
    }

    @Test("Words for choices, formats and efforts", arguments: OpenAIChatCases.words.indices)
    func words(place: Int) throws {
        let (field, value, change) = OpenAIChatCases.words[place]
        var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "Hi")])
        change(&request)
        #expect(try self.body(request)[field] == value)
    }

    @Test("What the API cannot do is refused by name", arguments: OpenAIChatCases.refusals.indices)
    func refused(place: Int) throws {
        let (change, words) = OpenAIChatCases.refusals[place]
        var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "Hi")])
        change(&request)
        let error = try #require(throws: BridgeError.self) { try self.body(request) }
        #expect(error.code == .unsupported)
        #expect(error.message.contains(words))
    }

    @Test(
        "A limit is said again under its newer name to models that want it, and usage is not asked of those that refuse"
    )
    func alternatives() throws {
        let request = try self.dialect.chatRequest(FullRequest.settings(), to: self.endpoint)
        let limit = Array(#"{"error":{"message":"Use 'max_completion_tokens' instead of 'max_tokens'."}}"#.utf8)
        let second = try JSONValue(parsing: self.dialect.alternative(to: request, status: 400, body: limit)?.body ?? [])
        #expect(second["max_tokens"] == nil)
        #expect(second["max_completion_tokens"] == 100)
        #expect(second["stream_options"] != nil)
        let usage = Array(#"{"error":"unknown field stream_options"}"#.utf8)
        let third = try JSONValue(parsing: self.dialect.alternative(to: request, status: 422, body: usage)?.body ?? [])
        #expect(third["stream_options"] == nil)
        #expect(third["max_tokens"] == 100)
        #expect(self.dialect.alternative(to: request, status: 400, body: Array("{}".utf8)) == nil)
        #expect(self.dialect.alternative(to: request, status: 500, body: limit) == nil)
    }
}
