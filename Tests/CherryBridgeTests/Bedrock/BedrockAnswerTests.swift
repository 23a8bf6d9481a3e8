import CherryCore
import Testing

@testable import CherryBridge

@Suite("Bedrock: answers")
struct BedrockAnswerTests {
    private typealias Message = EventStreamMessage
    private let play = DialectPlay(dialect: BedrockDialect(), contentType: "application/vnd.amazon.eventstream")

    private static let start = Message.event("messageStart", #"{"p":"abcd","role":"assistant"}"#)
    private static let metadata = Message.event(
        "metadata",
        #"{"metrics":{"latencyMs":4},"usage":{"inputTokens":3,"outputTokens":9,"totalTokens":12}}"#
    )
    private static let usage = ChatEvent.usage(TokenUsage(prompt: 3, completion: 9))

    private static func stop(_ reason: String) -> Message { .event("messageStop", #"{"stopReason":"\#(reason)"}"#) }

    private static func delta(_ index: Int, _ delta: String) -> Message {
        .event("contentBlockDelta", #"{"contentBlockIndex":\#(index),"delta":\#(delta),"p":"ab"}"#)
    }

    private static func call(_ index: Int, _ id: String, _ name: String) -> Message {
        .event(
            "contentBlockStart",
            #"{"contentBlockIndex":\#(index),"start":{"toolUse":{"name":"\#(name)","toolUseId":"\#(id)"}}}"#
        )
    }

    private static func end(_ index: Int) -> Message { .event("contentBlockStop", #"{"contentBlockIndex":\#(index)}"#) }

    private func read(_ messages: [Message]) -> DialectPlay.Outcome { self.play.read(messages.map(\.bytes)) }

    @Test("A stream is the same in any pieces, and cut off anywhere before its reason")
    func pieces() {
        let messages = [
            Self.start, Self.delta(0, #"{"text":"Kir🍒"}"#), Self.delta(0, #"{"text":"sche"}"#), Self.end(0),
            Self.stop("end_turn"), Self.metadata,
        ]
        let stream = messages.flatMap(\.bytes)
        let events = [ChatEvent.text("Kir🍒"), .text("sche"), Self.usage, .finished(.stop)]
        self.play.expectSameInAnyPieces(stream, .init(events: events))
        self.play.expectCutOff(stream, of: events, until: messages.dropLast().flatMap(\.bytes).count)
    }

    @Test("Thought, its proofs and calls in parallel keep their places")
    func everything() {
        let outcome = self.read([
            Self.start, Self.delta(0, #"{"reasoningContent":{"text":"hm"}}"#),
            Self.delta(0, #"{"reasoningContent":{"signature":"Ab"}}"#),
            Self.delta(0, #"{"reasoningContent":{"signature":"Cd"}}"#), Self.end(0),
            Self.delta(1, #"{"reasoningContent":{"redactedContent":"QUJD"}}"#),
            Self.delta(1, #"{"reasoningContent":{"redactedContent":"REU="}}"#), Self.end(1),
            Self.call(2, "t1", "f"), Self.delta(2, #"{"toolUse":{"input":""}}"#),
            Self.delta(2, #"{"toolUse":{"input":"{\"a\":"}}"#), Self.delta(2, #"{"toolUse":{"input":"1}"}}"#),
            Self.end(2), Self.call(3, "t2", "g"), Self.end(3), Self.delta(4, #"{"citation":{"title":"x"}}"#),
            .event("somethingNew", "{}"), Self.stop("tool_use"),
            .event(
                "metadata",
                #"{"usage":{"inputTokens":3,"outputTokens":9,"cacheReadInputTokens":20,"cacheWriteInputTokens":100}}"#
            ), Self.delta(5, #"{"text":"after the end"}"#),
        ])
        #expect(
            outcome
                == .init(
                    events: [
                        .reasoning("hm"), .reasoningProof(Reasoning(text: "", signature: "AbCd")),
                        .reasoningProof(Reasoning(text: "", encrypted: "QUJDREU=")),
                        .toolCall(index: 0, id: "t1", name: "f"), .toolArguments(index: 0, #"{"a":"#),
                        .toolArguments(index: 0, "1}"), .toolCall(index: 1, id: "t2", name: "g"),
                        .toolArguments(index: 1, "{}"),
                        .usage(TokenUsage(prompt: 123, completion: 9, cachedPrompt: 20, cacheWrite: 100)),
                        .finished(.toolCalls),
                    ]
                )
        )
    }

    @Test("A whole answer is the same as a stream, whichever was asked for")
    func whole() {
        let text = #"""
            {"metrics":{"latencyMs":1},"output":{"message":{"role":"assistant","content":[
             {"reasoningContent":{"reasoningText":{"text":"hm","signature":"sig"}}},
             {"reasoningContent":{"redactedContent":"QUJD"}},{"text":"Hi"},
             {"toolUse":{"toolUseId":"t1","name":"f","input":{"b":1,"a":2}}},
             {"toolUse":{"toolUseId":"t2","name":"g","input":{}}}]}},"stopReason":"tool_use",
             "usage":{"inputTokens":3,"outputTokens":9,"totalTokens":12}}
            """#
        let expected = DialectPlay.Outcome(
            events: [
                .reasoning("hm"), .reasoningProof(Reasoning(text: "", signature: "sig")),
                .reasoningProof(Reasoning(text: "", encrypted: "QUJD")), .text("Hi"),
                .toolCall(index: 0, id: "t1", name: "f"), .toolArguments(index: 0, #"{"b":1,"a":2}"#),
                .toolCall(index: 1, id: "t2", name: "g"), .toolArguments(index: 1, "{}"), Self.usage,
                .finished(.toolCalls),
            ]
        )
        var play = self.play
        play.contentType = "application/json"
        #expect(play.read(text) == expected)
        play.request.isStreamed = false
        #expect(play.read(text) == expected)
    }

    @Test(
        "Every reason to stop",
        arguments: [
            ("end_turn", FinishReason.stop), ("stop_sequence", .stop), ("max_tokens", .length),
            ("model_context_window_exceeded", .length), ("tool_use", .toolCalls), ("guardrail_intervened", .filtered),
            ("content_filtered", .filtered), ("malformed_tool_use", .other("malformed_tool_use")),
        ]
    )
    func reasons(name: String, reason: FinishReason) {
        #expect(
            self.read([Self.start, Self.stop(name), Self.metadata]) == .init(events: [Self.usage, .finished(reason)])
        )
    }

    @Test("Events that come twice, in another order or not at all do no harm")
    func disorder() {
        let expected: [ChatEvent] = [
            .toolCall(index: 0, id: "t", name: "f"), .toolArguments(index: 0, "{}"), Self.usage, .finished(.toolCalls),
        ]
        let twice = [
            Self.start, Self.start, Self.call(0, "t", "f"), Self.call(0, "t", "f"),
            Self.delta(0, #"{"toolUse":{"input":"{}"}}"#), Self.end(0), Self.end(0), Self.call(0, "t", "f"),
            Self.end(0),
            Self.metadata, Self.stop("tool_use"), Self.stop("end_turn"),
        ]
        #expect(self.read(twice) == .init(events: expected))
        let short = [Self.call(0, "t", "f"), Self.stop("tool_use")]
        #expect(self.read(short) == .init(events: expected.filter { $0 != Self.usage }))
        let cut = [Self.start, Self.call(0, "t", "f"), Self.stop("max_tokens"), Self.metadata]
        #expect(self.read(cut) == .init(events: [expected[0], Self.usage, .finished(.length)]))
        let silent = [Self.start, Self.delta(0, #"{"text":"a"}"#), Self.metadata]
        #expect(self.read(silent) == .init(events: [.text("a")], error: .cutOff))
    }

    @Test(
        "An exception within the stream means what its name says",
        arguments: [
            ("throttlingException", BridgeError.Code.rateLimited), ("modelStreamErrorException", .overloaded),
            ("internalServerException", .overloaded), ("serviceUnavailableException", .overloaded),
            ("modelTimeoutException", .timedOut), ("validationException", .refused),
            ("accessDeniedException", .unauthorized), ("somethingNewException", .refused),
        ]
    )
    func exceptions(name: String, code: BridgeError.Code) {
        let outcome = self.read([
            Self.start, Self.delta(0, #"{"text":"a"}"#), .exception(name, #"{"message":"No"}"#),
        ])
        #expect(outcome == .init(events: [.text("a")], error: code))
    }

    @Test("An error of the protocol ends the stream, and a context that is too long is called so")
    func errors() {
        let failure = Message(
            [(":message-type", "error"), (":error-code", "InternalFailure"), (":error-message", "Oops")],
            ""
        )
        #expect(self.read([Self.start, failure]).error == .overloaded)
        let long = Message.exception("validationException", #"{"message":"Input is too long for requested model."}"#)
        #expect(self.read([long]).error == .contextTooLong)
    }

    @Test(
        "Refusals",
        arguments: [
            (400, "The provided model identifier is invalid.", BridgeError.Code.refused),
            (400, "Input is too long for requested model.", .contextTooLong),
            (403, "The security token included in the request is invalid.", .unauthorized),
            (404, "Could not resolve the foundation model", .unknownModel), (408, "Late", .timedOut),
            (424, "Model failed", .overloaded), (429, "Too many tokens, please wait.", .rateLimited),
            (500, "Oops", .overloaded), (503, "Busy", .overloaded),
        ]
    )
    func refusals(status: Int, message: String, code: BridgeError.Code) {
        #expect(DialectPlay.meaning(status, #"{"message":"\#(message)"}"#) == code)
    }

    @Test("What is no answer is garbled")
    func garbage() {
        #expect(self.play.read("not a stream at all").error == .garbled)
        #expect(self.read([.event("messageStart", "not json")]).error == .garbled)
        #expect(self.read([.event("somethingNew", "{}")]).error == .garbled)
        var play = self.play
        play.contentType = "application/json"
        #expect(play.read("{}").error == .garbled)
        for type in ["text/html", "text/plain", ""] {
            #expect(BedrockDialect().framer(contentType: type, isStreamed: true) == nil)
        }
    }
}
