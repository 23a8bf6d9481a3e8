import CherryBridge
import CherryCore
import Testing

@Suite("Door: Anthropic Messages, answers")
struct AnthropicEncoderTests {
    let door = AnthropicDoor()

    @Test("Blocks begin, grow and end in order, with one beginning and one end")
    func stream() throws {
        let events = try self.door.stream([
            .started(id: "i", model: "m"), .reasoning("h"), .reasoning("m"),
            .reasoningProof(Reasoning(text: "", signature: "S")),
            .reasoningProof(Reasoning(text: "", encrypted: "R")), .text("a"), .text("b"),
            .toolCall(index: 0, id: "c0", name: "f"), .toolArguments(index: 0, "{\"x\":"),
            .toolArguments(index: 0, "1}"), .toolCall(index: 1, id: "c1", name: "g"), .toolArguments(index: 1, "{}"),
            .usage(TokenUsage(prompt: 9, completion: 4, cachedPrompt: 3, cacheWrite: 2, reasoning: 1)),
            .finished(.toolCalls),
        ])
        let expected: [(String, String)] = [
            (
                "message_start",
                #"{"type":"message_start","message":{"id":"msg_x1","type":"message","role":"assistant","model":"fast","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}}"#
            ),
            (
                "content_block_start",
                #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h"}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"m"}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"S"}}"#
            ),
            ("content_block_stop", #"{"type":"content_block_stop","index":0}"#),
            (
                "content_block_start",
                #"{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"R"}}"#
            ),
            ("content_block_stop", #"{"type":"content_block_stop","index":1}"#),
            (
                "content_block_start",
                #"{"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"a"}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"b"}}"#
            ),
            ("content_block_stop", #"{"type":"content_block_stop","index":2}"#),
            (
                "content_block_start",
                #"{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"c0","name":"f","input":{}}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"x\":"}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#
            ),
            ("content_block_stop", #"{"type":"content_block_stop","index":3}"#),
            (
                "content_block_start",
                #"{"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"c1","name":"g","input":{}}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#
            ),
            ("content_block_stop", #"{"type":"content_block_stop","index":4}"#),
            (
                "message_delta",
                #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":4,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":4,"output_tokens_details":{"thinking_tokens":1}}}"#
            ),
            ("message_stop", #"{"type":"message_stop"}"#),
        ]
        #expect(events.count == expected.count)
        for (event, (name, data)) in zip(events, expected) {
            #expect(event.name == name)
            #expect(event.data == data)
        }
    }

    @Test("Calls that arrive interleaved are told one after the other, whole")
    func interleaved() throws {
        let values = try self.door.stream([
            .toolCall(index: 0, id: "a", name: "f"), .toolCall(index: 1, id: "b", name: "g"),
            .toolArguments(index: 1, "{\"y\":"), .toolArguments(index: 0, "{\"x\":"), .toolArguments(index: 1, "2}"),
            .toolArguments(index: 0, "1}"), .finished(.toolCalls),
        ]).values
        let starts = values.compactMap { $0["content_block"]?["id"]?.string }
        #expect(starts == ["a", "b"])
        for (index, text) in [(0, "{\"x\":1}"), (1, "{\"y\":2}")] {
            let pieces = values.filter { $0["index"]?.integer == index }.compactMap {
                $0["delta"]?["partial_json"]?.string
            }
            #expect(pieces.joined() == text)
        }
        let order = values.compactMap { $0["index"]?.integer }
        #expect(order == order.sorted())
    }

    @Test(
        "Every reason has its word",
        arguments: [
            (FinishReason.stop, JSONValue.string("end_turn"), JSONValue.null),
            (.stopText("x"), "stop_sequence", "x"), (.length, "max_tokens", .null), (.toolCalls, "tool_use", .null),
            (.filtered, "refusal", .null), (.other("pause_turn"), "pause_turn", .null),
        ]
    )
    func reasons(reason: FinishReason, word: JSONValue, text: JSONValue) throws {
        let delta = try self.door.stream([.text("a"), .finished(reason)]).values[4]["delta"]
        #expect(delta == ["stop_reason": word, "stop_sequence": text])
        let whole = try self.door.whole([.text("a"), .finished(reason)])
        #expect(whole["stop_reason"] == word)
        #expect(whole["stop_sequence"] == text)
    }

    @Test("A whole answer has thinking, text, calls and usage")
    func whole() throws {
        let whole = try self.door.whole([
            .reasoning("hm"), .reasoningProof(Reasoning(text: "", signature: "S")), .text("a"), .text("b"),
            .toolCall(index: 0, id: "c0", name: "f"), .toolArguments(index: 0, "{\"b\":1,\"a\":2}"),
            .toolCall(index: 1, id: "c1", name: "g"), .usage(TokenUsage(prompt: 9, completion: 4)),
            .finished(.toolCalls),
        ])
        let expected =
            #"{"id":"msg_x1","type":"message","role":"assistant","model":"fast","content":[{"type":"thinking","thinking":"hm","signature":"S"},{"type":"text","text":"ab"},{"type":"tool_use","id":"c0","name":"f","input":{"b":1,"a":2}},{"type":"tool_use","id":"c1","name":"g","input":{}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":9,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":4}}"#
        #expect(whole.text == expected)
    }

    @Test("Arguments that are no JSON are handed on as the model wrote them")
    func garbledArguments() throws {
        let whole = try self.door.whole([
            .toolCall(index: 0, id: "a", name: "f"), .toolArguments(index: 0, "{\"x\":"), .finished(.length),
        ])
        #expect(whole["content"]?.array?[0]["input"] == "{\"x\":")
    }

    @Test("An error ends a stream as an error event; so does an end without a reason")
    func failure() throws {
        var encoder = self.door.encoder(for: try self.door.plainRequest(isStreamed: true), as: doorExchange)
        _ = encoder.receive(.text("half"))
        let bytes = encoder.fail(BridgeError(.overloaded, message: "Busy."))
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy.\"},\"request_id\":\"req_x1\"}\n\n"
        )
        #expect(String(decoding: encoder.finish(), as: UTF8.self).hasPrefix("event: error\n"))
    }

    @Test("An error does not lose what waited for a call to be whole")
    func failureWithinCall() throws {
        var encoder = self.door.encoder(for: try self.door.plainRequest(isStreamed: true), as: doorExchange)
        _ = encoder.receive(.toolCall(index: 0, id: "a", name: "f"))
        #expect(encoder.receive(.text("half")).isEmpty)
        var parser = ServerSentEventParser()
        let values = try parser.feed(encoder.fail(BridgeError(.cutOff, message: "It ended."))).values
        #expect(values.contains { $0["delta"]?["text"] == "half" })
        #expect(values.last?["type"] == "error")
    }

    @Test("Before the message begins a comment keeps the stream alive, afterwards a ping")
    func heartbeat() throws {
        var encoder = self.door.encoder(for: try self.door.plainRequest(isStreamed: true), as: doorExchange)
        #expect(encoder.heartbeat.starts(with: ": ".utf8))
        _ = encoder.receive(.started(id: nil, model: nil))
        #expect(String(decoding: encoder.heartbeat, as: UTF8.self) == "event: ping\ndata: {\"type\":\"ping\"}\n\n")
    }

    @Test("Where the provider did not count, the count is marked as an estimate, and never made up as 0")
    func estimate() throws {
        for isStreamed in [true, false] {
            let request = ChatRequest(model: "m", messages: [], isStreamed: isStreamed)
            var encoder = self.door.encoder(for: request, as: doorExchange)
            var bytes = encoder.receive(.text("some words"))
            encoder.estimate(TokenUsage(prompt: 12, completion: 3))
            bytes += encoder.receive(.finished(.stop))
            bytes += encoder.finish()
            let text = isStreamed ? String(decoding: bytes, as: UTF8.self) : encoder.whole().text
            #expect(text.contains(#""input_tokens":12"#))
            #expect(text.contains(#""output_tokens":3,"estimated":true"#))
        }
    }
}
