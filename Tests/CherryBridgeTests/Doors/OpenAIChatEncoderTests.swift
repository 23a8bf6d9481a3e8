import CherryBridge
import CherryCore
import Foundation
import Testing

@Suite("Door: Chat Completions, answers")
struct OpenAIChatEncoderTests {
    let door = OpenAIChatDoor()

    static let usage = TokenUsage(prompt: 9, completion: 4, cachedPrompt: 3, cacheWrite: 2, reasoning: 1)
    static let usageText =
        #"{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":1}}"#

    private static func line(_ delta: String, finish: String = "null", tokens: String = "null") -> String {
        #"data: {"id":"chatcmpl-x1","object":"chat.completion.chunk","created":1700000000,"model":"fast","choices":[{"index":0,"delta":"#
            + delta + #","logprobs":"# + tokens + #","finish_reason":"# + finish + #"}],"usage":null}"# + "\n\n"
    }

    @Test("A stream is written byte for byte as the API writes it")
    func bytes() throws {
        var encoder = self.door.encoder(for: try self.door.plainRequest(isStreamed: true), as: doorExchange)
        var bytes: [UInt8] = []
        for event: ChatEvent in [
            .started(id: "provider's", model: "other"), .reasoning("hm"), .text("Kir\"🍒"),
            .toolCall(index: 0, id: "a", name: "f"),
            .toolArguments(index: 0, "{}"), .usage(Self.usage), .finished(.toolCalls),
        ] {
            bytes += encoder.receive(event)
        }
        bytes += encoder.finish()
        let expected =
            Self.line(#"{"role":"assistant","content":"","refusal":null}"#) + Self.line(#"{"reasoning_content":"hm"}"#)
            + Self.line(#"{"content":"Kir\"🍒"}"#)
            + Self.line(
                #"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"#
            )
            + Self.line(#"{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}"#)
            + Self.line("{}", finish: #""tool_calls""#)
            + #"data: {"id":"chatcmpl-x1","object":"chat.completion.chunk","created":1700000000,"model":"fast","choices":[],"usage":"#
            + Self.usageText + "}\n\ndata: [DONE]\n\n"
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("Usage is told only to those who asked for it", arguments: [true, false])
    func usage(isAsked: Bool) throws {
        var body = doorJSON(OpenAIChatDoorTests.least)
        if isAsked { body["stream_options"] = ["include_usage": true] }
        let asked = self.door.exchange(id: "x", created: Date(), for: body)
        #expect(asked.includesUsage == isAsked)
        #expect(asked.model == "fast")
        let values = try self.door.stream([.text("a"), .usage(Self.usage), .finished(.stop)], as: asked).values
        #expect(values.contains { $0["usage"]?.object != nil } == isAsked)
        #expect(values.contains { $0["usage"] == .null } == isAsked)
        #expect(values.last == "[DONE]")
    }

    @Test(
        "Every reason has its word",
        arguments: [
            (FinishReason.stop, "stop"), (.stopText("x"), "stop"), (.length, "length"), (.toolCalls, "tool_calls"),
            (.filtered, "content_filter"), (.other("odd"), "odd"),
        ]
    )
    func reasons(reason: FinishReason, word: String) throws {
        let values = try self.door.stream([.text("a"), .finished(reason)]).values
        #expect(values[2]["choices"]?.array?.first?["finish_reason"]?.string == word)
        let whole = try self.door.whole([.text("a"), .finished(reason)])
        #expect(whole["choices"]?.array?.first?["finish_reason"]?.string == word)
    }

    @Test("A whole answer has text, reasoning, calls, probabilities and usage")
    func whole() throws {
        let token = TokenProbability(
            chosen: .init(token: "a", logProbability: -0.5, bytes: [97]),
            top: [.init(token: "b", logProbability: -1.5)]
        )
        let whole = try self.door.whole([
            .started(id: nil, model: nil), .reasoning("h"), .reasoning("m"),
            .reasoningProof(Reasoning(text: "", signature: "S")), .text("a"), .logProbabilities([token]), .text("b"),
            .toolCall(index: 0, id: "c0", name: "f"), .toolCall(index: 1, id: "c1", name: "g"),
            .toolArguments(index: 1, "{}"), .toolArguments(index: 0, "{\"x\""), .toolArguments(index: 0, ":1}"),
            .toolCallProof(index: 1, signature: "T"), .usage(Self.usage), .finished(.toolCalls),
        ])
        let expected = doorJSON(
            #"""
            {"id":"chatcmpl-x1","object":"chat.completion","created":1700000000,"model":"fast","choices":[{"index":0,
              "message":{"role":"assistant","content":"ab","refusal":null,"reasoning_content":"hm",
                "reasoning_details":[{"type":"reasoning.text","signature":"S","index":0,"length":2}],
                "tool_calls":[{"id":"c0","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},
                  {"id":"c1","type":"function","function":{"name":"g","arguments":"{}"},
                   "extra_content":{"google":{"thought_signature":"T"}}}]},
              "logprobs":{"content":[{"token":"a","logprob":-0.5,"bytes":[97],
                "top_logprobs":[{"token":"b","logprob":-1.5,"bytes":null}]}],"refusal":null},
              "finish_reason":"tool_calls"}],"usage":
            """# + Self.usageText + "}"
        )
        #expect(whole == expected)
    }

    @Test("An answer without text has none, unless there is nothing else")
    func emptiness() throws {
        let calls = try self.door.whole([.toolCall(index: 0, id: "a", name: "f"), .finished(.toolCalls)])
        #expect(calls["choices"]?.array?[0]["message"]?["content"] == .null)
        let nothing = try self.door.whole([.finished(.stop)])
        #expect(nothing["choices"]?.array?[0]["message"]?["content"] == "")
    }

    @Test("An error ends a stream as an error event, without a word of being done")
    func failure() throws {
        var encoder = self.door.encoder(for: try self.door.plainRequest(isStreamed: true), as: doorExchange)
        _ = encoder.receive(.text("half"))
        let bytes = encoder.fail(BridgeError(.rateLimited, message: "Too many.", hint: "Wait."))
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "event: error\ndata: {\"error\":{\"message\":\"Too many. Wait.\",\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}\n\n"
        )
        let cut = String(decoding: encoder.finish(), as: UTF8.self)
        #expect(cut.hasPrefix("event: error"))
        #expect(!cut.contains("[DONE]"))
    }

    @Test(
        "Refusals have the API's statuses",
        arguments: [
            (BridgeError.Code.invalid, 400), (.unsupported, 400), (.contextTooLong, 400), (.refused, 400),
            (.unauthorized, 401), (.denied, 403), (.unknownModel, 404), (.sealed, 423), (.rateLimited, 429),
            (.unreachable, 502), (.garbled, 502),
            (.cutOff, 502), (.overloaded, 503), (.localModelMissing, 503), (.localModelFailed, 503), (.timedOut, 504),
        ]
    )
    func refusals(code: BridgeError.Code, status: Int) {
        let error = BridgeError(code, message: "m", retryAfter: .seconds(3), field: "a[0].b")
        for door: any BridgeDoor in [OpenAIChatDoor(), OpenAIResponsesDoor()] {
            let refusal = door.refusal(error)
            #expect(refusal.status == status)
            #expect(refusal.retryAfter == .seconds(3))
            #expect(refusal.body["error"]?["message"] == "m")
            #expect(refusal.body["error"]?["param"] == "a[0].b")
            #expect(refusal.body["error"]?["code"]?.string?.isEmpty == false)
        }
    }

    @Test("Between events a comment keeps the stream alive")
    func heartbeat() throws {
        let encoder = self.door.encoder(for: try self.door.plainRequest(isStreamed: true), as: doorExchange)
        var parser = ServerSentEventParser()
        #expect(!encoder.heartbeat.isEmpty)
        #expect(try parser.feed(encoder.heartbeat).isEmpty)
    }
}
