import CherryBridge
import CherryCore
import Testing

@Suite("Door: Chat Completions, requests")
struct OpenAIChatDoorTests {
    let door = OpenAIChatDoor()

    static let least = #"{"model":"fast","messages":[{"role":"user","content":"Hi"}]}"#

    @Test("The least request is read, and asks for a whole answer")
    func least() throws {
        let request = try self.door.request(Self.least)
        #expect(request == ChatRequest(model: "fast", messages: [ChatMessage(.user, "Hi")], isStreamed: false))
    }

    @Test("Every setting arrives")
    func settings() throws {
        let request = try self.door.request(
            #"""
            {"model":"fast","messages":[{"role":"user","content":"Hi"}],"stream":true,"temperature":0.5,"top_p":0.9,
             "top_k":40,"max_completion_tokens":100,"max_tokens":100,"stop":["a","b"],"seed":7,"frequency_penalty":0.1,
             "presence_penalty":-0.2,"logprobs":true,"top_logprobs":3,"reasoning_effort":"low",
             "parallel_tool_calls":false,"tool_choice":{"type":"function","function":{"name":"f"}},
             "tools":[{"type":"function","function":{"name":"f","description":"d","strict":true,
                       "parameters":{"type":"object","properties":{"x":{"type":"integer"}}}}}],
             "response_format":{"type":"json_schema","json_schema":{"name":"n","description":"e","strict":true,
                                "schema":{"type":"object"}}}}
            """#
        )
        var expected = ChatRequest(
            model: "fast",
            messages: [ChatMessage(.user, "Hi")],
            temperature: 0.5,
            maxTokens: 100,
            stop: ["a", "b"]
        )
        expected.topP = 0.9
        expected.topK = 40
        expected.seed = 7
        expected.frequencyPenalty = 0.1
        expected.presencePenalty = -0.2
        expected.topLogProbabilities = 3
        expected.reasoning = .low
        expected.allowsParallelCalls = false
        expected.toolChoice = .tool("f")
        expected.tools = [
            ToolDefinition(
                name: "f",
                description: "d",
                parameters: doorJSON(#"{"type":"object","properties":{"x":{"type":"integer"}}}"#),
                isStrict: true
            )
        ]
        expected.format = .schema(name: "n", schema: ["type": "object"], isStrict: true, description: "e")
        #expect(request == expected)
    }

    @Test("Roles, parts, calls and results become the product's messages")
    func messages() throws {
        let request = try self.door.request(
            #"""
            {"model":"fast","messages":[
              {"role":"developer","content":"Be brief."},
              {"role":"user","content":[
                {"type":"text","text":"Look"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
                {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
                {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}},
                {"type":"file","file":{"file_id":"file-1"}}]},
              {"role":"assistant","content":"","reasoning_content":"hm","refusal":null,"annotations":[],"tool_calls":[
                {"id":"a","type":"function","index":0,"function":{"name":"f","arguments":"{\"x\": 1}"}},
                {"id":"b","type":"function","function":{"name":"g","arguments":""},
                 "extra_content":{"google":{"thought_signature":"S"}}}]},
              {"role":"tool","tool_call_id":"a","content":"one"},
              {"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"two"}]},
              {"role":"user","content":"Go on"}]}
            """#
        )
        let expected: [ChatMessage] = [
            ChatMessage(.system, "Be brief."),
            ChatMessage(
                .user,
                parts: [
                    .text("Look"), .image(Media(type: "image/png", source: .base64("AAAA"), detail: "low")),
                    .image(Media(type: nil, source: .url("https://example.com/a.png"))),
                    .file(Media(type: "application/pdf", source: .base64("BBBB"), name: "a.pdf")),
                    .file(Media(type: nil, source: .id("file-1"))),
                ]
            ),
            ChatMessage(
                .assistant,
                parts: [
                    .reasoning(Reasoning(text: "hm")),
                    .toolCall(ToolCall(id: "a", name: "f", arguments: "{\"x\": 1}")),
                    .toolCall(ToolCall(id: "b", name: "g", arguments: "", signature: "S")),
                ]
            ),
            ChatMessage(
                .tool,
                parts: [
                    .toolResult(ToolResult(callID: "a", name: "f", parts: [.text("one")])),
                    .toolResult(ToolResult(callID: "b", name: "g", parts: [.text("two")])),
                ]
            ),
            ChatMessage(.user, "Go on"),
        ]
        #expect(request.messages == expected)
    }

    @Test(
        "What has no influence on the answer is taken",
        arguments: [
            #""user":"u""#, #""metadata":{"a":"b"}"#, #""store":false"#, #""service_tier":"auto""#, #""n":1"#,
            #""prompt_cache_key":"k""#, #""safety_identifier":"s""#, #""prompt_cache_retention":"24h""#,
            #""prediction":{"type":"content","content":"x"}"#, #""logit_bias":{}"#, #""modalities":["text"]"#,
            #""verbosity":"medium""#, #""stream_options":{"include_obfuscation":false}"#, #""stop":null"#,
            #""response_format":{"type":"text"}"#, #""top_logprobs":0"#, #""temperature":null"#, #""functions":[]"#,
        ]
    )
    func harmless(member: String) throws {
        let request = try self.door.request(Self.least.dropLast() + "," + member + "}")
        #expect(request == ChatRequest(model: "fast", messages: [ChatMessage(.user, "Hi")], isStreamed: false))
    }

    @Test(
        "What the bridge cannot follow is refused by name",
        arguments: [
            ("n", "2", BridgeError.Code.unsupported), ("store", "true", .unsupported),
            ("service_tier", #""flex""#, .unsupported), ("logit_bias", #"{"1":5}"#, .unsupported),
            ("modalities", #"["text","audio"]"#, .unsupported), ("audio", #"{"voice":"v"}"#, .unsupported),
            ("verbosity", #""low""#, .unsupported), ("web_search_options", "{}", .unsupported),
            ("functions", #"[{"name":"f"}]"#, .unsupported), ("function_call", #""auto""#, .unsupported),
            ("moderation", #"{"model":"m"}"#, .unsupported), ("reasoning_effort", #""xhigh""#, .unsupported),
            ("reasoning_effort", #""much""#, .invalid), ("min_p", "0.1", .invalid),
            ("temperature", #""hot""#, .invalid),
            ("top_logprobs", "3", .invalid), ("max_tokens", "0", .invalid), ("max_tokens", "1.5", .invalid),
            ("stop", "7", .invalid), ("stream", #""yes""#, .invalid), ("tool_choice", #""some""#, .invalid),
        ]
    )
    func refused(field: String, value: String, code: BridgeError.Code) {
        var body = doorJSON(Self.least)
        body[field] = doorJSON(value)
        expectRefusal(self.door, body, field, code)
    }

    @Test(
        "A refusal within names the whole path",
        arguments: [
            (#"{"messages":[{"role":"user","content":"x"}]}"#, "model", BridgeError.Code.invalid),
            (#"{"model":"m"}"#, "messages", .invalid), (#"{"model":"m","messages":[]}"#, "messages", .invalid),
            (
                #"{"model":"m","messages":[{"role":"function","name":"f","content":"x"}]}"#, "messages[0].role",
                .unsupported
            ),
            (#"{"model":"m","messages":[{"role":"boss","content":"x"}]}"#, "messages[0].role", .invalid),
            (#"{"model":"m","messages":[{"role":"user","content":"x","mood":1}]}"#, "messages[0].mood", .invalid),
            (
                #"{"model":"m","messages":[{"role":"user","content":"x","name":"Ann"}]}"#, "messages[0].name",
                .unsupported
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}]}"#,
                "messages[0].content[0].type", .unsupported
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://x"}}]}]}"#,
                "messages[0].content[0].image_url.url", .invalid
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{}}]}]}"#,
                "messages[0].content[0].file", .invalid
            ),
            (
                #"{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"custom"}]}]}"#,
                "messages[0].tool_calls[0].type", .unsupported
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"web_search"}]}"#,
                "tools[0].type", .unsupported
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":"x"}],"stream_options":{"x":1}}"#,
                "stream_options.x", .invalid
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":1,"max_completion_tokens":2}"#,
                "max_tokens", .invalid
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"grammar"}}"#,
                "response_format.type", .unsupported
            ),
        ]
    )
    func paths(body: String, field: String, code: BridgeError.Code) {
        expectRefusal(self.door, doorJSON(body), field, code)
    }

    @Test("A strange key is named short and on one line")
    func strangeKey() throws {
        var body = doorJSON(Self.least)
        body["a\n`" + String(repeating: "x", count: 500)] = 1
        let error = try #require(throws: BridgeError.self) { try self.door.request(from: body) }
        #expect(error.message.count < 150)
        #expect(!error.message.contains("\n"))
    }

    @Test("What is no object is refused", arguments: ["[]", "\"x\"", "7", "null"])
    func noObject(body: String) throws {
        let error = try #require(throws: BridgeError.self) { try self.door.request(body) }
        #expect(error.code == .invalid)
        #expect(error.field == nil)
    }

    @Test("Reasoning comes back with its proofs, each with the part that it proves")
    func reasoning() throws {
        let request = try self.door.request(
            #"""
            {"model":"m","messages":[{"role":"assistant","content":"x","reasoning_content":"äone two three",
              "reasoning_details":[{"type":"reasoning.text","index":0,"signature":"S1","length":5},
                                   {"type":"reasoning.encrypted","index":1,"data":"E","id":"r","length":4}]}]}
            """#
        )
        #expect(
            request.messages[0].parts == [
                .reasoning(Reasoning(text: "äone", signature: "S1")),
                .reasoning(Reasoning(text: " two", encrypted: "E", id: "r")),
                .reasoning(Reasoning(text: " three")), .text("x"),
            ]
        )
        expectRefusal(
            self.door,
            doorJSON(
                #"""
                {"model":"m","messages":[{"role":"assistant","content":"x","reasoning_content":"short",
                  "reasoning_details":[{"index":0,"signature":"S","length":9}]}]}
                """#
            ),
            "messages[0].reasoning_details[0].length",
            .invalid
        )
    }

    @Test("Reasoning with texts of its own, as other servers write it, is not doubled")
    func foreignReasoning() throws {
        let request = try self.door.request(
            #"""
            {"model":"m","messages":[{"role":"assistant","content":"x","reasoning":"one",
              "reasoning_details":[{"type":"reasoning.text","text":"one","signature":"S","format":"f","index":0}]}]}
            """#
        )
        #expect(request.messages[0].parts == [.reasoning(Reasoning(text: "one", signature: "S")), .text("x")])
    }
}
