import CherryCore
import Testing

@testable import CherryBridge

@Suite("Gemini: answers")
struct GeminiAnswerTests {
    private let play = DialectPlay(dialect: GeminiDialect(), contentType: "text/event-stream")
    private static let started = ChatEvent.started(id: "r1", model: "gemini-3")

    private static func chunk(_ parts: String, reason: String? = nil, usage: String = "{}") -> String {
        let end = reason.map { #","finishReason":"\#($0)""# } ?? ""
        return #"{"candidates":[{"content":{"role":"model","parts":[\#(parts)]}\#(end),"index":0}],"#
            + #""usageMetadata":\#(usage),"modelVersion":"gemini-3","responseId":"r1"}"#
    }

    private func read(_ data: [String]) -> DialectPlay.Outcome { self.play.read(serverSentEvents(data)) }

    @Test("A stream is the same in any pieces, and cut off anywhere before its reason")
    func pieces() {
        let data = [
            Self.chunk(#"{"text":"Kir🍒"}"#, usage: #"{"promptTokenCount":3,"candidatesTokenCount":1}"#),
            Self.chunk(#"{"text":"sche"}"#, reason: "STOP", usage: #"{"promptTokenCount":3,"candidatesTokenCount":4}"#),
        ]
        let stream = Array(serverSentEvents(data).replacing("\n", with: "\r\n").utf8)
        let events = [
            Self.started, .text("Kir🍒"), .text("sche"), .usage(TokenUsage(prompt: 3, completion: 4)), .finished(.stop),
        ]
        self.play.expectSameInAnyPieces(stream, .init(events: events))
        self.play.expectCutOff(stream, of: events, until: stream.count - 1)
    }

    private static let everything = [
        chunk(#"{"text":"hm","thought":true}"#),
        chunk(#"{"text":"Look:","thoughtSignature":"s1"},{"text":""}"#),
        chunk(
            #"{"functionCall":{"name":"f","args":{"b":1,"a":[2]}},"thoughtSignature":"s2"},"#
                + #"{"functionCall":{"id":"c7","name":"f"}},{"executableCode":{"code":"x"}}"#
        ),
        chunk(
            "",
            reason: "STOP",
            usage: #"{"promptTokenCount":30,"cachedContentTokenCount":20,"candidatesTokenCount":5,"#
                + #""thoughtsTokenCount":7,"toolUsePromptTokenCount":2,"totalTokenCount":44}"#
        ),
    ]
    private static let everythingRead: [ChatEvent] = [
        started, .reasoning("hm"), .reasoningProof(Reasoning(text: "", signature: "s1")), .text("Look:"),
        .toolCall(index: 0, id: "call_r1_0", name: "f"), .toolArguments(index: 0, #"{"b":1,"a":[2]}"#),
        .toolCallProof(index: 0, signature: "s2"), .toolCall(index: 1, id: "c7", name: "f"),
        .toolArguments(index: 1, "{}"),
        .usage(TokenUsage(prompt: 32, completion: 12, cachedPrompt: 20, reasoning: 7)), .finished(.toolCalls),
    ]

    @Test("Thought, proofs and calls in parallel; the last usage holds")
    func everything() { #expect(self.read(Self.everything) == .init(events: Self.everythingRead)) }

    @Test("The same as one array, and whole answers in either kind of request")
    func whole() {
        var play = self.play
        play.contentType = "application/json; charset=UTF-8"
        #expect(play.read("[" + Self.everything.joined(separator: "\n,") + "]") == .init(events: Self.everythingRead))
        play.request.isStreamed = false
        let whole = play.read(
            Self.chunk(#"{"text":"Hi"}"#, reason: "STOP", usage: #"{"promptTokenCount":1,"candidatesTokenCount":2}"#)
        )
        #expect(
            whole
                == .init(
                    events: [
                        Self.started, .text("Hi"), .usage(TokenUsage(prompt: 1, completion: 2)), .finished(.stop),
                    ]
                )
        )
    }

    @Test("A signature that comes alone, and a thought's own")
    func signatures() {
        let outcome = self.read([
            Self.chunk(#"{"text":"hm","thought":true,"thoughtSignature":"s0"}"#), Self.chunk(#"{"text":"a"}"#),
            #"{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"s1"}]},"finishReason":"STOP"}]}"#,
        ])
        #expect(
            outcome.events == [
                Self.started, .reasoning("hm"), .reasoningProof(Reasoning(text: "", signature: "s0")), .text("a"),
                .reasoningProof(Reasoning(text: "", signature: "s1")), .finished(.stop),
            ]
        )
    }

    @Test(
        "Every reason to stop",
        arguments: [
            ("STOP", FinishReason.stop), ("MAX_TOKENS", .length), ("SAFETY", .filtered), ("RECITATION", .filtered),
            ("BLOCKLIST", .filtered), ("PROHIBITED_CONTENT", .filtered), ("SPII", .filtered), ("LANGUAGE", .filtered),
            ("IMAGE_SAFETY", .filtered), ("MALFORMED_FUNCTION_CALL", .other("MALFORMED_FUNCTION_CALL")),
            ("OTHER", .other("OTHER")),
        ]
    )
    func reasons(name: String, reason: FinishReason) {
        let outcome = self.read([#"{"candidates":[{"finishReason":"\#(name)"}]}"#])
        #expect(outcome == .init(events: [.finished(reason)]))
    }

    @Test("A limit that ends a call is a limit, and the last reason holds")
    func limit() {
        let call = #"{"functionCall":{"id":"c","name":"f","args":{}}}"#
        let events = self.read([Self.chunk(call, reason: "STOP"), Self.chunk("", reason: "MAX_TOKENS")]).events
        #expect(events.last == .finished(.length))
    }

    @Test("A prompt that is refused has no answer")
    func blocked() {
        let outcome = self.read([
            #"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4},"responseId":"r1"}"#
        ])
        #expect(
            outcome
                == .init(
                    events: [
                        .started(id: "r1", model: nil), .usage(TokenUsage(prompt: 4, completion: 0)),
                        .finished(.filtered),
                    ]
                )
        )
    }

    @Test("Probabilities with their alternatives, and only the first candidate")
    func probabilities() {
        let outcome = self.read([
            #"""
            {"candidates":[{"content":{"parts":[{"text":"Hi"}]},"logprobsResult":{
             "chosenCandidates":[{"token":"H","tokenId":5,"logProbability":-0.5},{"token":"i","logProbability":-1}],
             "topCandidates":[{"candidates":[{"token":"H","logProbability":-0.5},{"token":"X","logProbability":-2}]}]},
             "finishReason":"STOP"},{"index":1,"content":{"parts":[{"text":"other"}]},"finishReason":"SAFETY"}]}
            """#.replacing("\n", with: "")
        ])
        #expect(
            outcome
                == .init(
                    events: [
                        .text("Hi"),
                        .logProbabilities([
                            TokenProbability(
                                chosen: .init(token: "H", logProbability: -0.5),
                                top: [.init(token: "H", logProbability: -0.5), .init(token: "X", logProbability: -2)]
                            ), TokenProbability(chosen: .init(token: "i", logProbability: -1), top: []),
                        ]), .finished(.stop),
                    ]
                )
        )
    }

    @Test("An answer in images is not dropped in silence")
    func images() {
        let image = Self.chunk(#"{"inlineData":{"mimeType":"image/png","data":"QQ=="}}"#, reason: "STOP")
        #expect(self.read([image]) == .init(events: [], error: .unsupported))
    }

    @Test("A stream without a reason was cut off")
    func cutOff() {
        let outcome = self.read([Self.chunk(#"{"text":"a"}"#)])
        #expect(outcome == .init(events: [Self.started, .text("a")], error: .cutOff))
        #expect(self.read([]) == .init(events: [], error: .cutOff))
    }

    @Test(
        "An error within the stream means what it says",
        arguments: [
            (#"{"error":{"code":503,"status":"UNAVAILABLE","message":"Busy"}}"#, BridgeError.Code.overloaded),
            (#"[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota"}}]"#, .rateLimited),
            (#"{"error":{"code":504,"status":"DEADLINE_EXCEEDED"}}"#, .timedOut),
            (#"{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"x"}}"#, .refused),
        ]
    )
    func errors(event: String, code: BridgeError.Code) {
        #expect(
            self.read([Self.chunk(#"{"text":"a"}"#), event]) == .init(events: [Self.started, .text("a")], error: code)
        )
    }

    @Test(
        "Refusals, alone and in a list",
        arguments: [
            (400, "INVALID_ARGUMENT", "API_KEY_INVALID", "API key not valid.", BridgeError.Code.unauthorized),
            (400, "INVALID_ARGUMENT", "X", "Bad field", .refused),
            (
                400, "INVALID_ARGUMENT", "X",
                "The input token count (9) exceeds the maximum number of tokens allowed (5).",
                .contextTooLong
            ), (403, "PERMISSION_DENIED", "X", "No", .unauthorized), (404, "NOT_FOUND", "X", "No model", .unknownModel),
            (429, "RESOURCE_EXHAUSTED", "X", "Quota", .rateLimited), (503, "UNAVAILABLE", "X", "Busy", .overloaded),
        ]
    )
    func refusals(status: Int, name: String, reason: String, message: String, code: BridgeError.Code) {
        let body =
            #"{"error":{"code":\#(status),"message":"\#(message)","status":"\#(name)","details":[{"reason":"\#(reason)"}]}}"#
        #expect(DialectPlay.meaning(status, body) == code)
        #expect(DialectPlay.meaning(status, "[\(body)]") == code)
    }

    @Test("What is no answer is garbled")
    func garbage() {
        #expect(self.read(["not json"]).error == .garbled)
        #expect(self.read(["7"]).error == .garbled)
        var play = self.play
        play.contentType = "application/json"
        #expect(play.read("{}").error == .garbled)
        #expect(play.read("[]").error == .garbled)
        #expect(GeminiDialect().framer(contentType: "text/html; charset=utf-8", isStreamed: true) == nil)
    }
}
