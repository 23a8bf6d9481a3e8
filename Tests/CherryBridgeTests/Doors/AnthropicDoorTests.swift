import CherryBridge
import CherryCore
import Testing

@Suite("Door: Anthropic Messages, requests")
struct AnthropicDoorTests {
    let door = AnthropicDoor()

    static let least = #"{"model":"fast","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}"#
    static let leastRequest = ChatRequest(
        model: "fast",
        messages: [ChatMessage(.user, "Hi")],
        maxTokens: 5,
        isStreamed: false
    )

    @Test("Every setting arrives")
    func settings() throws {
        let request = try self.door.request(
            #"""
            {"model":"fast","max_tokens":100,"messages":[{"role":"user","content":"Hi"}],"stream":true,
             "system":[{"type":"text","text":"Be","cache_control":{"type":"ephemeral"}},{"type":"text","text":"brief."}],
             "temperature":0.5,"top_p":0.9,"top_k":40,"stop_sequences":["a","b"],
             "thinking":{"type":"enabled","budget_tokens":2048},
             "tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},
             "tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true,
                       "cache_control":{"type":"ephemeral"},"eager_input_streaming":true},
                      {"type":"custom","name":"g","input_schema":{"type":"object"}}],
             "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}
            """#
        )
        var expected = ChatRequest(
            model: "fast",
            messages: [ChatMessage(.system, parts: [.text("Be"), .text("brief.")]), ChatMessage(.user, "Hi")],
            temperature: 0.5,
            maxTokens: 100,
            stop: ["a", "b"]
        )
        expected.topP = 0.9
        expected.topK = 40
        expected.reasoning = .tokens(2048)
        expected.toolChoice = .tool("f")
        expected.allowsParallelCalls = false
        expected.tools = [
            ToolDefinition(name: "f", description: "d", parameters: ["type": "object"], isStrict: true),
            ToolDefinition(name: "g", parameters: ["type": "object"]),
        ]
        expected.format = .schema(name: "answer", schema: ["type": "object"], isStrict: true, description: nil)
        #expect(request == expected)
    }

    @Test("Blocks become the product's messages, and a result's message is two when more is said")
    func messages() throws {
        let request = try self.door.request(
            #"""
            {"model":"fast","max_tokens":5,"messages":[
              {"role":"user","content":[
                {"type":"text","text":"Look"},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
                {"type":"image","source":{"type":"url","url":"https://example.com/a.png"}},
                {"type":"document","title":"a","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"}},
                {"type":"document","source":{"type":"text","media_type":"text/plain","data":"hi"}},
                {"type":"document","source":{"type":"file","file_id":"file-1"},"citations":{"enabled":false}}]},
              {"role":"assistant","content":[
                {"type":"thinking","thinking":"hm","signature":"S"},{"type":"redacted_thinking","data":"R"},
                {"type":"text","text":"I look."},
                {"type":"tool_use","id":"a","name":"f","input":{"b":1,"a":[2]}},
                {"type":"tool_use","id":"b","name":"g","input":{},"caller":{"type":"direct"}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"a","content":"one"},
                {"type":"tool_result","tool_use_id":"b","is_error":true,"content":[{"type":"text","text":"two"},
                  {"type":"image","source":{"type":"base64","media_type":"image/png","data":"CCCC"}}]},
                {"type":"text","text":"Go on"}]},
              {"role":"assistant","content":"The"}]}
            """#
        )
        let expected: [ChatMessage] = [
            ChatMessage(
                .user,
                parts: [
                    .text("Look"), .image(Media(type: "image/png", source: .base64("AAAA"))),
                    .image(Media(type: nil, source: .url("https://example.com/a.png"))),
                    .file(Media(type: "application/pdf", source: .base64("BBBB"), name: "a")),
                    .file(Media(type: "text/plain", source: .base64("aGk="))),
                    .file(Media(type: nil, source: .id("file-1"))),
                ]
            ),
            ChatMessage(
                .assistant,
                parts: [
                    .reasoning(Reasoning(text: "hm", signature: "S")), .reasoning(Reasoning(text: "", encrypted: "R")),
                    .text("I look."), .toolCall(ToolCall(id: "a", name: "f", arguments: #"{"b":1,"a":[2]}"#)),
                    .toolCall(ToolCall(id: "b", name: "g", arguments: "{}")),
                ]
            ),
            ChatMessage(
                .tool,
                parts: [
                    .toolResult(ToolResult(callID: "a", name: "f", parts: [.text("one")])),
                    .toolResult(
                        ToolResult(
                            callID: "b",
                            name: "g",
                            parts: [.text("two"), .image(Media(type: "image/png", source: .base64("CCCC")))],
                            isError: true
                        )
                    ),
                ]
            ),
            ChatMessage(.user, "Go on"), ChatMessage(.assistant, "The"),
        ]
        #expect(request.messages == expected)
    }

    @Test(
        "Thinking and effort are understood together",
        arguments: [
            (#"{"type":"enabled","budget_tokens":1024}"#, "null", ReasoningEffort.tokens(1024)),
            (#"{"type":"disabled"}"#, "null", ReasoningEffort.none), (#"{"type":"adaptive"}"#, "null", .high),
            (#"{"type":"adaptive","display":"omitted"}"#, #"{"effort":"low"}"#, .low),
            ("null", #"{"effort":"medium"}"#, .medium), (#"{"type":"disabled"}"#, #"{"effort":"high"}"#, .none),
        ]
    )
    func thinking(thinking: String, output: String, effort: ReasoningEffort) throws {
        var body = doorJSON(Self.least)
        body["thinking"] = doorJSON(thinking)
        body["output_config"] = doorJSON(output)
        #expect(try self.door.request(from: body).reasoning == effort)
    }

    @Test(
        "Choices of tools",
        arguments: [("auto", ToolChoice.auto), ("any", .required), ("none", ToolChoice.none)]
    )
    func choices(word: String, choice: ToolChoice) throws {
        let request = try self.door.request(Self.least.dropLast() + #","tool_choice":{"type":"\#(word)"}}"#)
        #expect(request.toolChoice == choice)
        #expect(request.allowsParallelCalls == nil)
    }

    @Test(
        "What has no influence on the answer is taken",
        arguments: [
            #""metadata":{"user_id":"u"}"#, #""service_tier":"auto""#, #""speed":"standard""#, #""mcp_servers":[]"#,
            #""cache_control":{"type":"ephemeral"}"#, #""container":null"#, #""diagnostics":{}"#, #""tools":[]"#,
            #""context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]}"#,
        ]
    )
    func harmless(member: String) throws {
        #expect(try self.door.request(Self.least.dropLast() + "," + member + "}") == Self.leastRequest)
    }

    @Test(
        "What the bridge cannot follow is refused by name",
        arguments: [
            ("container", #"{"skills":[]}"#, BridgeError.Code.unsupported), ("service_tier", #""batch""#, .unsupported),
            ("mcp_servers", #"[{"url":"x"}]"#, .unsupported), ("inference_geo", #""us""#, .unsupported),
            ("speed", #""fast""#, .unsupported), ("logprobs", "true", .invalid), ("max_tokens", "0", .invalid),
            ("context_management", #"{"edits":[{"type":"clear_tool_uses_20250919"}]}"#, .unsupported),
            ("context_management", #"{"edits":[],"other":1}"#, .unsupported), ("top_k", "0", .invalid),
            ("stop_sequences", #""x""#, .invalid), ("system", "7", .invalid),
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
            (
                #""tools":[{"type":"web_search_20250305","name":"web_search"}]"#, "tools[0].type",
                BridgeError.Code.unsupported
            ),
            (#""tools":[{"name":"f"}]"#, "tools[0].input_schema", .invalid),
            (
                #""tools":[{"name":"f","input_schema":{},"input_examples":[{"x":1}]}]"#, "tools[0].input_examples",
                .unsupported
            ),
            (#""tool_choice":{"type":"some"}"#, "tool_choice.type", .invalid),
            (#""tool_choice":{"type":"tool"}"#, "tool_choice.name", .invalid),
            (#""thinking":{"type":"enabled"}"#, "thinking.budget_tokens", .invalid),
            (#""thinking":{"type":"disabled"},"output_config":{"effort":"low"}"#, "output_config.effort", .unsupported),
            (#""output_config":{"effort":"max"}"#, "output_config.effort", .unsupported),
            (#""messages":[{"role":"user","content":[{"type":"sound"}]}]"#, "messages[0].content[0].type", .invalid),
            (
                #""messages":[{"role":"user","content":[{"type":"search_result"}]}]"#, "messages[0].content[0].type",
                .unsupported
            ),
            (
                #""messages":[{"role":"assistant","content":[{"type":"server_tool_use"}]}]"#,
                "messages[0].content[0].type", .unsupported
            ),
            (#""messages":[{"role":"boss","content":"x"}]"#, "messages[0].role", .invalid),
            (#""messages":[{"role":"user"}]"#, "messages[0].content", .invalid),
            (
                #""messages":[{"role":"user","content":[{"type":"document","citations":{"enabled":true},"source":{"type":"text","data":"x"}}]}]"#,
                "messages[0].content[0].citations", .unsupported
            ),
            (#""system":[{"type":"image"}]"#, "system[0].type", .invalid),
        ]
    )
    func paths(member: String, field: String, code: BridgeError.Code) {
        var body = doorJSON(Self.least)
        for (key, value) in doorJSON("{" + member + "}").object ?? [:] { body[key] = value }
        expectRefusal(self.door, body, field, code)
    }

    @Test("A limit is demanded for an answer and not for a count")
    func counting() throws {
        var body = doorJSON(Self.least)
        body["max_tokens"] = nil
        expectRefusal(self.door, body, "max_tokens", .invalid)
        #expect(try self.door.tokenCountRequest(from: body).messages == [ChatMessage(.user, "Hi")])
        #expect(AnthropicDoor.tokenCount(7).text == #"{"input_tokens":7}"#)
    }

    @Test(
        "Refusals have the API's statuses and types",
        arguments: [
            (BridgeError.Code.invalid, 400, "invalid_request_error"), (.unsupported, 400, "invalid_request_error"),
            (.contextTooLong, 400, "invalid_request_error"), (.unauthorized, 401, "authentication_error"),
            (.denied, 403, "permission_error"), (.unknownModel, 404, "not_found_error"), (.sealed, 423, "api_error"),
            (.rateLimited, 429, "rate_limit_error"),
            (.cutOff, 502, "api_error"), (.timedOut, 504, "timeout_error"), (.overloaded, 529, "overloaded_error"),
        ]
    )
    func refusals(code: BridgeError.Code, status: Int, type: String) {
        let refusal = self.door.refusal(BridgeError(code, message: "m"), id: "x1")
        #expect(refusal.status == status)
        #expect(refusal.body["type"] == "error")
        #expect(refusal.body["error"]?["type"]?.string == type)
        #expect(refusal.body["request_id"] == "req_x1")
        #expect(self.door.refusal(BridgeError(code, message: "m")).body["request_id"] == nil)
    }

    @Test("A conversation that is too long is told in the words that tools look for")
    func tooLong() {
        let refusal = self.door.refusal(BridgeError(.contextTooLong, message: "It does not fit."))
        #expect(refusal.body["error"]?["message"]?.string?.hasPrefix("prompt is too long") == true)
    }
}
