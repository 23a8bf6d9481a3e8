import CherryBridge
import CherryCore
import CherryNet
import Testing

private enum OpenAIResponsesCases {
    static let refusals: [(@Sendable (inout ChatRequest) -> Void, String)] = [
        ({ $0.topK = 1 }, "top_k"), ({ $0.stop = ["x"] }, "stop texts"), ({ $0.seed = 1 }, "seed"),
        ({ $0.frequencyPenalty = 1 }, "frequency"), ({ $0.presencePenalty = 1 }, "presence"),
        ({ $0.reasoning = .tokens(5) }, "reasoning tokens"),
        ({ $0.messages = [ChatMessage(.tool, "x")] }, "beside a tool's result"),
    ]
}

@Suite("OpenAI Responses, requests")
struct OpenAIResponsesDialectTests {
    let dialect = OpenAIResponsesDialect()
    let endpoint = ProviderEndpoint(baseURL: "https://api.example.com/v1", key: Secret("k"))

    private func body(_ request: ChatRequest) throws -> JSONValue {
        try JSONValue(parsing: try self.dialect.chatRequest(request, to: self.endpoint).body ?? [])
    }

    @Test("Every setting has its field, and nothing is stored")
    func settings() throws {
        let expected =
            #"{"model":"m","input":[{"type":"message","role":"user","content":"Hi"}],"reasoning":{"effort":"low","summary":"auto"},"tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object","properties":{"x":{"type":"integer"}}},"strict":true},{"type":"function","name":"g","parameters":null,"strict":null}],"tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false,"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object","properties":{"x":{"type":"integer"}}},"strict":true,"description":"e"}},"stream":true,"store":false,"temperature":0.5,"top_p":0.9,"max_output_tokens":100,"top_logprobs":3,"include":["reasoning.encrypted_content","message.output_text.logprobs"]}"#
        #expect(try self.body(FullRequest.settings(false)).text == expected)
        let request = try self.dialect.chatRequest(FullRequest.settings(false), to: self.endpoint)
        #expect(request.url == "https://api.example.com/v1/responses")
        #expect(request.headers.contains { $0.name == "Authorization" && $0.value == "Bearer k" })
    }

    @Test("What is not set is not sent")
    func least() throws {
        let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "Hi")], isStreamed: false)
        let expected =
            #"{"model":"m","input":[{"type":"message","role":"user","content":"Hi"}],"stream":false,"store":false,"include":["reasoning.encrypted_content"]}"#
        #expect(try self.body(request).text == expected)
    }

    @Test("A conversation becomes items; reasoning goes back only in OpenAI's own encryption")
    func items() throws {
        var messages = FullRequest.conversation
        messages[2].parts.insert(.reasoning(Reasoning(text: "so", encrypted: "E", id: "rs_1")), at: 1)
        messages[3].parts[1] = .toolResult(
            ToolResult(callID: "call_b", parts: [.text("two"), .image(Media(type: nil, source: .id("file-1")))])
        )
        let expected = doorJSON(
            #"""
            [{"type":"message","role":"system","content":"Be brief."},
             {"type":"message","role":"user","content":[{"type":"input_text","text":"Look"},
               {"type":"input_image","detail":"low","image_url":"data:image/png;base64,AAAA"},
               {"type":"input_image","detail":"auto","image_url":"https://example.com/a.png"},
               {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}]},
             {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"so"}],"encrypted_content":"E"},
             {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look."}]},
             {"type":"function_call","call_id":"call_a","name":"f","arguments":"{\"x\": 1}"},
             {"type":"function_call","call_id":"call_b","name":"g","arguments":"{}"},
             {"type":"function_call_output","call_id":"call_a","output":"one"},
             {"type":"function_call_output","call_id":"call_b","output":[{"type":"input_text","text":"two"},
               {"type":"input_image","detail":"auto","file_id":"file-1"}]},
             {"type":"message","role":"user","content":"Go on"}]
            """#
        )
        #expect(try self.body(ChatRequest(model: "m", messages: messages))["input"] == expected)
    }

    @Test("What the API cannot do is refused by name", arguments: OpenAIResponsesCases.refusals.indices)
    func refused(place: Int) throws {
        let (change, words) = OpenAIResponsesCases.refusals[place]
        var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "Hi")])
        change(&request)
        let error = try #require(throws: BridgeError.self) { try self.body(request) }
        #expect(error.code == .unsupported)
        #expect(error.message.contains(words))
    }

    @Test("Models that refuse encrypted reasoning or a summary are asked without")
    func alternatives() throws {
        let request = try self.dialect.chatRequest(FullRequest.settings(false), to: self.endpoint)
        let encrypted = Array(#"{"error":{"message":"Encrypted content is not supported with this model."}}"#.utf8)
        let second = try #require(self.dialect.alternative(to: request, status: 400, body: encrypted))
        #expect(try JSONValue(parsing: second.body ?? [])["include"] == ["message.output_text.logprobs"])
        let summary = Array(#"{"error":{"param":"reasoning.summary"}}"#.utf8)
        let third = try #require(self.dialect.alternative(to: request, status: 400, body: summary))
        #expect(try JSONValue(parsing: third.body ?? [])["reasoning"] == ["effort": "low"])
        #expect(self.dialect.alternative(to: request, status: 400, body: Array("{}".utf8)) == nil)
        #expect(self.dialect.alternative(to: request, status: 500, body: encrypted) == nil)
    }

    @Test("Tokens are counted by asking with what is read alone")
    func counting() throws {
        let request = try #require(try self.dialect.tokenCountRequest(FullRequest.settings(), to: self.endpoint))
        #expect(request.url == "https://api.example.com/v1/responses/input_tokens")
        let keys = try JSONValue(parsing: request.body ?? []).object?.keys
        #expect(keys == ["model", "input", "reasoning", "tools", "tool_choice", "parallel_tool_calls", "text"])
        #expect(try self.dialect.tokenCount(from: Array(#"{"object":"x","input_tokens":7}"#.utf8)) == 7)
        #expect(throws: BridgeError.self) { try self.dialect.tokenCount(from: Array("{}".utf8)) }
    }
}
