import CherryBridge
import CherryCore
import Testing

@Suite("Door: Responses, answers")
struct OpenAIResponsesEncoderTests {
    let door = OpenAIResponsesDoor()

    static let events: [ChatEvent] = [
        .started(id: "i", model: "m"), .reasoning("h"), .reasoning("m"), .text("a"), .text("b"),
        .toolCall(index: 0, id: "c0", name: "f"), .toolArguments(index: 0, "{\"x\":"), .toolArguments(index: 0, "1}"),
        .usage(TokenUsage(prompt: 9, completion: 4, cachedPrompt: 3, cacheWrite: 2, reasoning: 1)),
        .finished(.toolCalls),
    ]

    static let reasoningItem =
        #"{"id":"rs_x1_0","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":null}"#
    static let messageItem =
        #"{"id":"msg_x1_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"ab","annotations":[],"logprobs":[]}]}"#
    static let callItem =
        #"{"id":"fc_x1_2","type":"function_call","status":"completed","arguments":"{\"x\":1}","call_id":"c0","name":"f"}"#

    @Test("Every item begins, grows and ends, all counted in order")
    func stream() throws {
        let events = try self.door.stream(Self.events)
        let expected: [(String, String)] = [
            (
                "response.output_item.added",
                #""output_index":0,"item":{"id":"rs_x1_0","type":"reasoning","summary":[],"encrypted_content":null}"#
            ),
            (
                "response.reasoning_summary_part.added",
                #""item_id":"rs_x1_0","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}"#
            ),
            (
                "response.reasoning_summary_text.delta",
                #""item_id":"rs_x1_0","output_index":0,"summary_index":0,"delta":"h""#
            ),
            (
                "response.reasoning_summary_text.delta",
                #""item_id":"rs_x1_0","output_index":0,"summary_index":0,"delta":"m""#
            ),
            (
                "response.reasoning_summary_text.done",
                #""item_id":"rs_x1_0","output_index":0,"summary_index":0,"text":"hm""#
            ),
            (
                "response.reasoning_summary_part.done",
                #""item_id":"rs_x1_0","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":"hm"}"#
            ),
            ("response.output_item.done", #""output_index":0,"item":"# + Self.reasoningItem),
            (
                "response.output_item.added",
                #""output_index":1,"item":{"id":"msg_x1_1","type":"message","status":"in_progress","role":"assistant","content":[]}"#
            ),
            (
                "response.content_part.added",
                #""item_id":"msg_x1_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}"#
            ),
            (
                "response.output_text.delta",
                #""item_id":"msg_x1_1","output_index":1,"content_index":0,"delta":"a","logprobs":[]"#
            ),
            (
                "response.output_text.delta",
                #""item_id":"msg_x1_1","output_index":1,"content_index":0,"delta":"b","logprobs":[]"#
            ),
            (
                "response.output_text.done",
                #""item_id":"msg_x1_1","output_index":1,"content_index":0,"text":"ab","logprobs":[]"#
            ),
            (
                "response.content_part.done",
                #""item_id":"msg_x1_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"ab","annotations":[],"logprobs":[]}"#
            ),
            ("response.output_item.done", #""output_index":1,"item":"# + Self.messageItem),
            (
                "response.output_item.added",
                #""output_index":2,"item":{"id":"fc_x1_2","type":"function_call","status":"in_progress","arguments":"","call_id":"c0","name":"f"}"#
            ),
            ("response.function_call_arguments.delta", #""item_id":"fc_x1_2","output_index":2,"delta":"{\"x\":""#),
            ("response.function_call_arguments.delta", #""item_id":"fc_x1_2","output_index":2,"delta":"1}""#),
            (
                "response.function_call_arguments.done",
                #""item_id":"fc_x1_2","output_index":2,"name":"f","arguments":"{\"x\":1}""#
            ),
            ("response.output_item.done", #""output_index":2,"item":"# + Self.callItem),
        ]
        #expect(events.count == expected.count + 3)
        #expect(events[0].name == "response.created" && events[1].name == "response.in_progress")
        for (place, (event, (name, members))) in zip(events.dropFirst(2), expected).enumerated() {
            #expect(event.name == name)
            #expect(event.data == #"{"type":"\#(name)","sequence_number":\#(place + 2),"# + members + "}")
        }
        #expect(events.last?.name == "response.completed")
        #expect(events.values.map { $0["sequence_number"]?.integer } == Array(0..<events.count))
        #expect(events.values.last?["response"] == (try self.door.whole(Self.events)))
    }

    @Test("A whole answer repeats the settings and has every item")
    func whole() throws {
        var request = try self.door.plainRequest(isStreamed: false)
        request.temperature = 0.5
        request.maxTokens = 7
        request.reasoning = .low
        request.tools = [ToolDefinition(name: "f", parameters: ["type": "object"])]
        request.toolChoice = .required
        request.allowsParallelCalls = false
        request.format = .json
        var encoder = self.door.encoder(for: request, as: doorExchange)
        for event in Self.events { #expect(encoder.receive(event).isEmpty) }
        let expected = doorJSON(
            #"""
            {"id":"resp_x1","object":"response","created_at":1700000000,"status":"completed","background":false,"error":null,
             "incomplete_details":null,"instructions":null,"max_output_tokens":7,"model":"fast","output":[
            """# + [Self.reasoningItem, Self.messageItem, Self.callItem].joined(separator: ",") + #"""
                 ],"parallel_tool_calls":false,"previous_response_id":null,"reasoning":{"effort":"low","summary":null},"store":false,
                 "temperature":0.5,"text":{"format":{"type":"json_object"}},"tool_choice":"required",
                 "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":null}],"top_p":null,
                 "truncation":"disabled","usage":{"input_tokens":9,
                   "input_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"output_tokens":4,
                   "output_tokens_details":{"reasoning_tokens":1},"total_tokens":13},"metadata":{}}
                """#
        )
        #expect(encoder.whole() == expected)
    }

    @Test(
        "Every reason has its status",
        arguments: [
            (FinishReason.stop, "completed", nil as String?), (.stopText("x"), "completed", nil),
            (.toolCalls, "completed", nil), (.length, "incomplete", "max_output_tokens"),
            (.filtered, "incomplete", "content_filter"), (.other("odd"), "incomplete", "odd"),
        ]
    )
    func reasons(reason: FinishReason, status: String, cause: String?) throws {
        let last = try #require(try self.door.stream([.text("a"), .finished(reason)]).last)
        #expect(last.name == "response.\(status)")
        let response = try #require(doorJSON(last.data)["response"])
        #expect(response["status"]?.string == status)
        #expect(response["incomplete_details"]?["reason"]?.string == cause)
        #expect(response["output"]?.array?[0]["status"]?.string == status)
    }

    @Test("Interleaved calls are told one after the other")
    func interleaved() throws {
        let values = try self.door.stream([
            .toolCall(index: 0, id: "a", name: "f"), .toolArguments(index: 0, "{"),
            .toolCall(index: 1, id: "b", name: "g"), .toolArguments(index: 1, "{"), .toolArguments(index: 0, "}"),
            .toolArguments(index: 1, "}"), .finished(.toolCalls),
        ]).values
        let order = values.compactMap { $0["output_index"]?.integer }
        #expect(order == order.sorted())
        #expect(values.last?["response"]?["output"]?.array?.map { $0["arguments"] } == ["{}", "{}"])
    }

    @Test("A failure keeps what had arrived")
    func failure() throws {
        var encoder = self.door.encoder(for: try self.door.plainRequest(isStreamed: true), as: doorExchange)
        _ = encoder.receive(.text("half"))
        var parser = ServerSentEventParser()
        let event = try #require(try parser.feed(encoder.fail(BridgeError(.rateLimited, message: "Too many."))).first)
        #expect(event.name == "response.failed")
        let response = try #require(doorJSON(event.data)["response"])
        #expect(response["status"] == "failed")
        #expect(response["error"] == ["code": "rate_limit_exceeded", "message": "Too many."])
        #expect(response["output"]?.array?[0]["content"]?.array?[0]["text"] == "half")
    }

    @Test("A failure keeps what waited for a call to be whole")
    func failureWithinCall() throws {
        var encoder = self.door.encoder(for: try self.door.plainRequest(isStreamed: true), as: doorExchange)
        _ = encoder.receive(.toolCall(index: 0, id: "a", name: "f"))
        var bytes = encoder.receive(.text("half"))
        #expect(bytes.isEmpty)
        bytes = encoder.fail(BridgeError(.cutOff, message: "It ended."))
        var parser = ServerSentEventParser()
        let values = try parser.feed(bytes).values
        #expect(values.contains { $0["type"] == "response.output_text.delta" && $0["delta"] == "half" })
        let output = values.last?["response"]?["output"]?.array
        #expect(output?.map { $0["type"] } == ["function_call", "message"])
    }

    @Test("A failure before anything else is a stream of its own")
    func earlyFailure() throws {
        var encoder = self.door.encoder(for: try self.door.plainRequest(isStreamed: true), as: doorExchange)
        var parser = ServerSentEventParser()
        let events = try parser.feed(encoder.finish())
        #expect(events.map(\.name) == ["response.created", "response.in_progress", "response.failed"])
        #expect(doorJSON(events[2].data)["response"]?["error"]?["code"] == "server_error")
    }

    @Test("An error after events that the provider wrote itself goes on with their numbers")
    func passedOn() {
        let request = ChatRequest(model: "m", messages: [], isStreamed: true)
        var encoder = OpenAIResponsesDoor().encoder(for: request, as: doorExchange)
        encoder.passedOn(events: 3)
        encoder.passedOn(events: 4)
        let text = String(decoding: encoder.fail(BridgeError(.cutOff, message: "It ended.")), as: UTF8.self)
        #expect(text.hasPrefix("event: response.failed\n"))
        #expect(text.contains(#""sequence_number":7"#))
    }
}
