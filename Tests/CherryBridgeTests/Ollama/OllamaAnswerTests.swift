import CherryCore
import Testing

@testable import CherryBridge

@Suite("Ollama: answers")
struct OllamaAnswerTests {
    private let play = DialectPlay(dialect: OllamaDialect(), contentType: "application/x-ndjson")
    private static let started = ChatEvent.started(id: nil, model: "m")
    private static let usage = ChatEvent.usage(TokenUsage(prompt: 3, completion: 9))

    private static func line(_ message: String) -> String {
        #"{"model":"m","created_at":"2026-01-02T03:04:05.678Z","message":{"role":"assistant",\#(message)},"done":false}"#
    }

    private static func last(_ reason: String = #""stop""#) -> String {
        #"{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":\#(reason),"#
            + #""prompt_eval_count":3,"eval_count":9}"#
    }

    private func read(_ lines: [String]) -> DialectPlay.Outcome {
        self.play.read(lines.map { $0 + "\n" }.joined())
    }

    @Test("A stream is the same in any pieces, and cut off anywhere before its last line")
    func pieces() {
        let lines = [Self.line(#""content":"Kir🍒""#), Self.line(#""content":"sche""#), Self.last()]
        let stream = Array(lines.map { $0 + "\r\n" }.joined().utf8)
        let events = [Self.started, .text("Kir🍒"), .text("sche"), Self.usage, .finished(.stop)]
        self.play.expectSameInAnyPieces(stream, .init(events: events))
        self.play.expectCutOff(stream, of: events, until: stream.count - 2)
    }

    @Test("Thought and calls in parallel, with ids of their own or made")
    func everything() {
        let outcome = self.read([
            Self.line(#""content":"","thinking":"hm""#), Self.line(#""content":"Look:","thinking":"""#),
            Self.line(
                #""content":"","tool_calls":[{"function":{"name":"f","arguments":{"b":1,"a":[2]}}},"#
                    + #"{"id":"c7","function":{"name":"g","arguments":{}}}]"#
            ),
            Self.line(#""content":"","tool_calls":[{"function":{"name":"h"}},{"function":{}},{"x":1}]"#), Self.last(),
            Self.line(#""content":"after the end""#),
        ])
        #expect(
            outcome
                == .init(
                    events: [
                        Self.started, .reasoning("hm"), .text("Look:"),
                        .toolCall(index: 0, id: "call_20260102030405678_0", name: "f"),
                        .toolArguments(index: 0, #"{"b":1,"a":[2]}"#), .toolCall(index: 1, id: "c7", name: "g"),
                        .toolArguments(index: 1, "{}"), .toolCall(index: 2, id: "call_20260102030405678_2", name: "h"),
                        .toolArguments(index: 2, "{}"), Self.usage, .finished(.toolCalls),
                    ]
                )
        )
    }

    @Test("A whole answer, on one line or on several, whichever was asked for")
    func whole() {
        let text = #"""
            {"model":"m","message":{"role":"assistant","content":"Hi","thinking":"hm",
              "tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"a\":1}"}}]},
             "done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":9}
            """#
        let expected = DialectPlay.Outcome(
            events: [
                Self.started, .reasoning("hm"), .text("Hi"), .toolCall(index: 0, id: "c1", name: "f"),
                .toolArguments(index: 0, #"{"a":1}"#), Self.usage, .finished(.toolCalls),
            ]
        )
        var play = self.play
        play.contentType = "application/json; charset=utf-8"
        #expect(play.read(text) == expected)
        play.request.isStreamed = false
        #expect(play.read(text) == expected)
        play.contentType = ""
        #expect(play.read(text.replacing("\n", with: "")) == expected)
    }

    @Test(
        "Every reason to stop",
        arguments: [
            (#""stop""#, FinishReason.stop), ("null", .stop), (#""length""#, .length), (#""load""#, .other("load")),
        ]
    )
    func reasons(name: String, reason: FinishReason) {
        #expect(self.read([Self.last(name)]) == .init(events: [Self.started, Self.usage, .finished(reason)]))
    }

    @Test("A count that is left out, one of them or both")
    func usage() {
        #expect(
            self.read([#"{"message":{"content":"a"},"done":true,"eval_count":2}"#])
                == .init(events: [.text("a"), .usage(TokenUsage(prompt: 0, completion: 2)), .finished(.stop)])
        )
        #expect(self.read([#"{"done":true}"#]) == .init(events: [.finished(.stop)]))
    }

    @Test("Probabilities with their alternatives")
    func probabilities() {
        let outcome = self.read([
            #"{"message":{"content":"H"},"logprobs":[{"token":"H","logprob":-0.5,"bytes":[72],"top_logprobs":[{"token":"X","logprob":-2}]}]}"#,
            #"{"message":{"content":"i"},"logprobs":[],"done":true}"#,
        ])
        #expect(
            outcome
                == .init(
                    events: [
                        .text("H"),
                        .logProbabilities([
                            TokenProbability(
                                chosen: .init(token: "H", logProbability: -0.5, bytes: [72]),
                                top: [.init(token: "X", logProbability: -2)]
                            )
                        ]), .text("i"), .finished(.stop),
                    ]
                )
        )
    }

    @Test("Lines without a last one were cut off")
    func cutOff() {
        let outcome = self.read([Self.line(#""content":"a""#)])
        #expect(outcome == .init(events: [Self.started, .text("a")], error: .cutOff))
    }

    @Test("An error line ends the stream")
    func errors() {
        let outcome = self.read([Self.line(#""content":"a""#), #"{"error":"llama runner process has terminated"}"#])
        #expect(outcome == .init(events: [Self.started, .text("a")], error: .overloaded))
        let long = self.read([#"{"error":"the input length exceeds the context length"}"#])
        #expect(long.error == .contextTooLong)
    }

    @Test(
        "Refusals",
        arguments: [
            (404, "model 'x' not found", BridgeError.Code.unknownModel), (400, "x does not support tools", .refused),
            (400, "the input length exceeds the context length", .contextTooLong), (401, "unauthorized", .unauthorized),
            (500, "out of memory", .overloaded), (503, "server busy", .overloaded), (429, "slow", .rateLimited),
        ]
    )
    func refusals(status: Int, message: String, code: BridgeError.Code) {
        #expect(DialectPlay.meaning(status, #"{"error":"\#(message)"}"#) == code)
    }

    @Test("What is no answer is garbled")
    func garbage() {
        #expect(self.read(["Ollama is running"]).error == .garbled)
        #expect(self.read(["[1]"]).error == .garbled)
        #expect(self.read(["{}"]).error == .garbled)
        #expect(self.read([]).error == .garbled)
        #expect(OllamaDialect().framer(contentType: "text/html", isStreamed: true) == nil)
    }
}
