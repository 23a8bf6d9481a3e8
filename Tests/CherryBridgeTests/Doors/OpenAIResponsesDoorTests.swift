import CherryBridge
import CherryCore
import Foundation
import Testing

@Suite("Door: Responses, requests")
struct OpenAIResponsesDoorTests {
    let door = OpenAIResponsesDoor()

    static let least = #"{"model":"fast","input":"Hi"}"#
    static let leastRequest = ChatRequest(model: "fast", messages: [ChatMessage(.user, "Hi")], isStreamed: false)

    @Test("Every setting arrives")
    func settings() throws {
        let request = try self.door.request(
            #"""
            {"model":"fast","input":"Hi","instructions":"Be brief.","stream":true,"temperature":0.5,"top_p":0.9,
             "max_output_tokens":100,"top_logprobs":3,"include":["message.output_text.logprobs"],
             "reasoning":{"effort":"minimal","summary":"auto"},"parallel_tool_calls":true,
             "tool_choice":{"type":"function","name":"f"},
             "tools":[{"type":"function","name":"f","description":"d","strict":true,"parameters":{"type":"object"}}],
             "text":{"format":{"type":"json_schema","name":"n","strict":true,"schema":{"type":"object"}},
                     "verbosity":"medium"}}
            """#
        )
        var expected = ChatRequest(
            model: "fast",
            messages: [ChatMessage(.system, "Be brief."), ChatMessage(.user, "Hi")],
            temperature: 0.5,
            maxTokens: 100
        )
        expected.topP = 0.9
        expected.topLogProbabilities = 3
        expected.reasoning = .minimal
        expected.allowsParallelCalls = true
        expected.toolChoice = .tool("f")
        expected.tools = [
            ToolDefinition(name: "f", description: "d", parameters: ["type": "object"], isStrict: true)
        ]
        expected.format = .schema(name: "n", schema: ["type": "object"], isStrict: true, description: nil)
        #expect(request == expected)
    }

    @Test("Items become the product's messages, an assistant's in one")
    func items() throws {
        let request = try self.door.request(
            #"""
            {"model":"fast","input":[
              {"role":"developer","content":"Be brief."},
              {"type":"message","role":"user","content":[
                {"type":"input_text","text":"Look"},
                {"type":"input_image","detail":"low","image_url":"data:image/png;base64,AAAA"},
                {"type":"input_image","detail":"auto","file_id":"file-1"},
                {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"},
                {"type":"input_file","file_url":"https://example.com/b.pdf"}]},
              {"type":"reasoning","id":"rs_9","summary":[{"type":"summary_text","text":"h"},{"type":"summary_text","text":"m"}],
               "encrypted_content":"E","status":"completed"},
              {"type":"message","id":"msg_1","status":"completed","role":"assistant","phase":"commentary","content":[
                {"type":"output_text","text":"I look.","annotations":[],"logprobs":[]}]},
              {"type":"function_call","id":"fc_1","call_id":"a","name":"f","arguments":"{\"x\": 1}","status":"completed"},
              {"type":"function_call","call_id":"b","name":"g","arguments":"{}"},
              {"type":"function_call_output","call_id":"a","output":"one"},
              {"type":"function_call_output","call_id":"b","output":[{"type":"input_text","text":"two"}]},
              {"role":"user","content":"Go on"}]}
            """#
        )
        let expected: [ChatMessage] = [
            ChatMessage(.system, "Be brief."),
            ChatMessage(
                .user,
                parts: [
                    .text("Look"), .image(Media(type: "image/png", source: .base64("AAAA"), detail: "low")),
                    .image(Media(type: nil, source: .id("file-1"))),
                    .file(Media(type: "application/pdf", source: .base64("BBBB"), name: "a.pdf")),
                    .file(Media(type: nil, source: .url("https://example.com/b.pdf"))),
                ]
            ),
            ChatMessage(
                .assistant,
                parts: [
                    .reasoning(Reasoning(text: "h\n\nm", encrypted: "E", id: "rs_9")), .text("I look."),
                    .toolCall(ToolCall(id: "a", name: "f", arguments: "{\"x\": 1}")),
                    .toolCall(ToolCall(id: "b", name: "g", arguments: "{}")),
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
            #""store":false"#, #""store":null"#, #""background":false"#, #""previous_response_id":null"#,
            #""metadata":{"a":"b"}"#, #""user":"u""#, #""truncation":"disabled""#, #""service_tier":"default""#,
            #""include":["reasoning.encrypted_content"]"#, #""text":{"format":{"type":"text"}}"#,
            #""max_tool_calls":3"#,
            #""reasoning":{"summary":"detailed","effort":null}"#, #""prompt_cache_key":"k""#, #""top_logprobs":0"#,
            #""stream_options":{"include_obfuscation":false}"#, #""context_management":[]"#,
        ]
    )
    func harmless(member: String) throws {
        #expect(try self.door.request(Self.least.dropLast() + "," + member + "}") == Self.leastRequest)
    }

    @Test(
        "What needs something stored is refused by name, with what to do instead",
        arguments: [
            ("store", "true"), ("previous_response_id", #""resp_1""#), ("conversation", #""conv_1""#),
            ("prompt", #"{"id":"p"}"#), ("background", "true"),
        ]
    )
    func stored(field: String, value: String) throws {
        var body = doorJSON(Self.least)
        body[field] = doorJSON(value)
        expectRefusal(self.door, body, field, .unsupported)
        let error = try #require(throws: BridgeError.self) { try self.door.request(from: body) }
        #expect(error.hint != nil && error.hint != "Leave it out.")
    }

    @Test(
        "What the bridge cannot follow is refused by its path",
        arguments: [
            (#""tools":[{"type":"web_search"}]"#, "tools[0].type", BridgeError.Code.unsupported),
            (#""tools":[{"type":"custom","name":"x"}]"#, "tools[0].type", .unsupported),
            (#""tools":[{"type":"function","name":"f","defer_loading":true}]"#, "tools[0].defer_loading", .unsupported),
            (#""tool_choice":{"type":"allowed_tools"}"#, "tool_choice.type", .unsupported),
            (#""truncation":"auto""#, "truncation", .unsupported),
            (#""text":{"verbosity":"high"}"#, "text.verbosity", .unsupported),
            (#""include":["everything"]"#, "include[0]", .invalid), (#""stop":["x"]"#, "stop", .invalid),
            (#""reasoning":{"effort":"max"}"#, "reasoning.effort", .unsupported),
            (#""input":[{"type":"item_reference","id":"x"}]"#, "input[0].type", .unsupported),
            (#""input":[{"type":"computer_call"}]"#, "input[0].type", .unsupported),
            (
                #""input":[{"role":"user","content":[{"type":"input_audio"}]}]"#, "input[0].content[0].type",
                .unsupported
            ),
            (#""input":[{"role":"user","content":[{"type":"input_image"}]}]"#, "input[0].content[0]", .invalid),
            (#""input":[{"type":"function_call","name":"f","arguments":"{}"}]"#, "input[0].call_id", .invalid),
            (#""input":7"#, "input", .invalid), (#""input":[]"#, "input", .invalid),
            (#""model":null"#, "model", .invalid),
        ]
    )
    func paths(member: String, field: String, code: BridgeError.Code) {
        var body = doorJSON(Self.least)
        for (key, value) in doorJSON("{" + member + "}").object ?? [:] { body[key] = value }
        expectRefusal(self.door, body, field, code)
    }

    @Test("Notes on a request come back with its answer")
    func metadata() throws {
        let body = doorJSON(#"{"model":"fast","input":"Hi","metadata":{"a":"b"}}"#)
        let named = self.door.exchange(id: "x1", created: Date(), for: body)
        #expect(try self.door.whole([.text("a"), .finished(.stop)], as: named)["metadata"] == ["a": "b"])
    }
}
