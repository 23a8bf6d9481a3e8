import CherryCore
import Testing

@testable import CherryBridge

@Suite("Anthropic: answers")
struct AnthropicAnswerTests {
    private let play = DialectPlay(dialect: AnthropicDialect(), contentType: "text/event-stream")

    private static func start(_ usage: String = #"{"input_tokens":3,"output_tokens":1}"#) -> String {
        #"{"type":"message_start","message":{"id":"msg_1","model":"claude","content":[],"usage":\#(usage)}}"#
    }

    private static func end(_ reason: String, usage: String = #"{"output_tokens":9}"#) -> [String] {
        [
            #"{"type":"message_delta","delta":{"stop_reason":"\#(reason)","stop_sequence":null},"usage":\#(usage)}"#,
            #"{"type":"message_stop"}"#,
        ]
    }

    private static let started = ChatEvent.started(id: "msg_1", model: "claude")
    private static let usage = ChatEvent.usage(TokenUsage(prompt: 3, completion: 9))

    private static let text = [
        #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Kir🍒"}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"sche"}}"#,
        #"{"type":"content_block_stop","index":0}"#,
    ]

    private func read(_ data: [String]) -> DialectPlay.Outcome { self.play.read(serverSentEvents(data, named: true)) }

    @Test("A stream is the same in any pieces, and cut off anywhere before its reason")
    func pieces() {
        let data = [Self.start()] + Self.text + Self.end("end_turn")
        let stream = serverSentEvents(data)
        let events = [Self.started, .text("Kir🍒"), .text("sche"), Self.usage, .finished(.stop)]
        self.play.expectSameInAnyPieces(Array(stream.utf8), .init(events: events))
        let end = serverSentEvents(Array(data.dropLast())).utf8.count
        self.play.expectCutOff(Array(stream.utf8), of: events, until: end)
    }

    @Test("Thought, its proofs and calls in parallel keep their places")
    func everything() {
        let outcome = self.read(
            [
                Self.start(), #"{"type":"ping"}"#,
                #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Ab"}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Cd"}}"#,
                #"{"type":"content_block_stop","index":0}"#,
                #"{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"blob"}}"#,
                #"{"type":"content_block_stop","index":1}"#,
                #"{"type":"content_block_start","index":2,"content_block":{"type":"server_tool_use","id":"x","name":"y"}}"#,
                #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#,
                #"{"type":"content_block_stop","index":2}"#,
                #"{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{}}}"#,
                #"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}"#,
                #"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"#,
                #"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#,
                #"{"type":"content_block_stop","index":3}"#,
                #"{"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"t2","name":"g","input":{}}}"#,
                #"{"type":"content_block_stop","index":4}"#, #"{"type":"content_block_start","index":5}"#,
                #"{"type":"something_new","x":{"y":1}}"#,
            ] + Self.end("tool_use")
        )
        #expect(
            outcome
                == .init(
                    events: [
                        Self.started, .reasoning("hm"), .reasoningProof(Reasoning(text: "", signature: "AbCd")),
                        .reasoningProof(Reasoning(text: "", encrypted: "blob")),
                        .toolCall(index: 0, id: "t1", name: "f"), .toolArguments(index: 0, #"{"a":"#),
                        .toolArguments(index: 0, "1}"), .toolCall(index: 1, id: "t2", name: "g"),
                        .toolArguments(index: 1, "{}"), Self.usage, .finished(.toolCalls),
                    ]
                )
        )
    }

    @Test("A whole answer is the same as a stream")
    func whole() {
        let text = #"""
            {"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[
             {"type":"thinking","thinking":"hm","signature":"sig"},{"type":"redacted_thinking","data":"blob"},
             {"type":"text","text":"Hi"},{"type":"tool_use","id":"t1","name":"f","input":{"b":1,"a":2}},
             {"type":"tool_use","id":"t2","name":"g","input":{}}],
             "stop_reason":"tool_use","stop_sequence":null,
             "usage":{"input_tokens":3,"cache_read_input_tokens":20,"cache_creation_input_tokens":100,"output_tokens":9,
                      "output_tokens_details":{"thinking_tokens":4}}}
            """#
        let expected = DialectPlay.Outcome(
            events: [
                Self.started, .reasoning("hm"), .reasoningProof(Reasoning(text: "", signature: "sig")),
                .reasoningProof(Reasoning(text: "", encrypted: "blob")), .text("Hi"),
                .toolCall(index: 0, id: "t1", name: "f"), .toolArguments(index: 0, #"{"b":1,"a":2}"#),
                .toolCall(index: 1, id: "t2", name: "g"), .toolArguments(index: 1, "{}"),
                .usage(TokenUsage(prompt: 123, completion: 9, cachedPrompt: 20, cacheWrite: 100, reasoning: 4)),
                .finished(.toolCalls),
            ]
        )
        var play = self.play
        play.contentType = "application/json; charset=utf-8"
        #expect(play.read(text) == expected)
        play.request.isStreamed = false
        #expect(play.read(text) == expected)
        #expect(self.play.read(serverSentEvents([text.replacing("\n", with: "")])) == expected)
    }

    @Test("Counts are totals so far: the last holds, and what it leaves out stands")
    func usage() {
        let data =
            [
                Self.start(
                    #"{"input_tokens":5,"cache_read_input_tokens":20,"cache_creation_input_tokens":100,"output_tokens":1}"#
                ),
                #"{"type":"message_delta","delta":{},"usage":{"output_tokens":7}}"#,
            ]
            + Self.end(
                "end_turn",
                usage: #"{"input_tokens":6,"output_tokens":12,"output_tokens_details":{"thinking_tokens":8}}"#
            )
        #expect(
            self.read(data).events == [
                Self.started,
                .usage(TokenUsage(prompt: 126, completion: 12, cachedPrompt: 20, cacheWrite: 100, reasoning: 8)),
                .finished(.stop),
            ]
        )
        let absurd = [
            Self.start(#"{"input_tokens":9223372036854775807,"cache_read_input_tokens":9223372036854775807}"#)
        ]
        #expect(
            self.read(absurd + Self.end("end_turn", usage: #"{"output_tokens":-4}"#)).events.contains(
                .usage(TokenUsage(prompt: 2 << 40, completion: 0, cachedPrompt: 1 << 40))
            )
        )
        let silent = [
            #"{"type":"message_start","message":{"id":"msg_1"}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#,
        ]
        #expect(self.read(silent).events == [.started(id: "msg_1", model: nil), .finished(.stop)])
    }

    @Test(
        "Every reason to stop",
        arguments: [
            ("end_turn", FinishReason.stop), ("max_tokens", .length), ("model_context_window_exceeded", .length),
            ("tool_use", .toolCalls), ("refusal", .filtered), ("pause_turn", .other("pause_turn")),
            ("stop_sequence", .stop), ("something_new", .other("something_new")),
        ]
    )
    func reasons(name: String, reason: FinishReason) {
        let outcome = self.read([Self.start()] + Self.text + Self.end(name))
        #expect(outcome == .init(events: [Self.started, .text("Kir🍒"), .text("sche"), Self.usage, .finished(reason)]))
    }

    @Test("The stop text that was met is named")
    func stopText() {
        let outcome = self.read([
            Self.start(),
            #"{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{"output_tokens":9}}"#,
        ])
        #expect(outcome == .init(events: [Self.started, Self.usage, .finished(.stopText("END"))]))
    }

    @Test("Events that come twice, too late or not at all do no harm")
    func disorder() {
        let call =
            #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"#
        let twice = self.read(
            [
                Self.start(), Self.start(), call, call,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#,
                #"{"type":"content_block_stop","index":0}"#, #"{"type":"content_block_stop","index":0}"#, call,
                #"{"type":"content_block_stop","index":0}"#,
            ] + Self.end("tool_use") + Self.end("end_turn") + Self.text
        )
        let expected: [ChatEvent] = [
            Self.started, .toolCall(index: 0, id: "t", name: "f"), .toolArguments(index: 0, "{}"), Self.usage,
            .finished(.toolCalls),
        ]
        #expect(twice == .init(events: expected))
        #expect(self.read([Self.start(), call] + Self.end("tool_use")) == .init(events: expected))
        #expect(self.read([Self.start(), call, Self.end("tool_use")[0]]) == .init(events: expected))
    }

    @Test("A call that the limit cut short gets no arguments that it did not have")
    func cutCall() {
        let outcome = self.read(
            [
                Self.start(),
                #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"#,
            ] + Self.end("max_tokens")
        )
        #expect(
            outcome
                == .init(
                    events: [Self.started, .toolCall(index: 0, id: "t", name: "f"), Self.usage, .finished(.length)]
                )
        )
    }

    @Test("An end without a reason is a cut")
    func noReason() {
        let outcome = self.read([Self.start()] + Self.text + [#"{"type":"message_stop"}"#])
        #expect(outcome == .init(events: [Self.started, .text("Kir🍒"), .text("sche")], error: .cutOff))
    }

    @Test(
        "An error within the stream means what its type says",
        arguments: [
            ("overloaded_error", BridgeError.Code.overloaded), ("api_error", .overloaded), ("timeout_error", .timedOut),
            ("rate_limit_error", .rateLimited), ("billing_error", .rateLimited),
            ("authentication_error", .unauthorized), ("permission_error", .unauthorized),
            ("not_found_error", .unknownModel), ("request_too_large", .contextTooLong),
            ("invalid_request_error", .refused),
        ]
    )
    func errors(type: String, code: BridgeError.Code) {
        let outcome = self.read(
            [Self.start()] + Self.text + [#"{"type":"error","error":{"type":"\#(type)","message":"No"}}"#]
        )
        #expect(outcome == .init(events: [Self.started, .text("Kir🍒"), .text("sche")], error: code))
    }

    @Test(
        "Refusals by status",
        arguments: [
            (529, "overloaded_error", "Overloaded", BridgeError.Code.overloaded),
            (413, "request_too_large", "Too large", .contextTooLong),
            (400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", .contextTooLong),
            (400, "invalid_request_error", "temperature: bad", .refused),
            (401, "authentication_error", "invalid x-api-key", .unauthorized),
            (404, "not_found_error", "model: x", .unknownModel), (429, "rate_limit_error", "Slow", .rateLimited),
            (500, "api_error", "Oops", .overloaded), (504, "timeout_error", "Late", .timedOut),
        ]
    )
    func refusals(status: Int, type: String, message: String, code: BridgeError.Code) {
        let body = #"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"},"request_id":"req_1"}"#
        #expect(DialectPlay.meaning(status, body) == code)
    }

    @Test("What is no answer is garbled")
    func garbage() {
        #expect(self.play.read("data: not json\n\n").error == .garbled)
        #expect(self.play.read("data: [1]\n\n").error == .garbled)
        var play = self.play
        play.contentType = "application/json"
        #expect(play.read("{}").error == .garbled)
        #expect(play.read(#"{"type":"error","error":{"type":"overloaded_error"}}"#).error == .overloaded)
        #expect(AnthropicDialect().framer(contentType: "text/html", isStreamed: true) == nil)
    }
}
