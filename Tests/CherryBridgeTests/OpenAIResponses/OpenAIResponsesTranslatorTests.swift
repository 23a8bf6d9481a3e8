import CherryCore
import Testing

@testable import CherryBridge

@Suite("OpenAI Responses, answers")
struct OpenAIResponsesTranslatorTests {
    private func translate(_ chunks: [String]) throws -> [ChatEvent] {
        var translator = OpenAIResponsesTranslator(errors: ProviderErrors(key: nil))
        let events = try chunks.flatMap { try translator.receive(StreamedEvent(name: "message", data: $0)) }
        return try events + translator.finish()
    }

    private static func completed(_ output: String = "[]", _ more: String = #""status":"completed""#) -> String {
        #"{"type":"response.completed","response":{"id":"resp_1","model":"m","output":\#(output),\#(more)}}"#
    }

    static let usage =
        #""usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":13}"#

    static let output =
        #"[{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"h"},{"type":"summary_text","text":"m"}],"encrypted_content":"E"},{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"ab","annotations":[]}]},{"id":"fc_1","type":"function_call","status":"completed","arguments":"{\"x\":1}","call_id":"a","name":"f"},{"id":"fc_2","type":"function_call","status":"completed","arguments":"{}","call_id":"b","name":"g"}]"#

    /// A stream as OpenAI sends it.
    static let stream = [
        #"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","model":"m","status":"in_progress","output":[]}}"#,
        #"{"type":"response.in_progress","response":{"id":"resp_1","model":"m","output":[]}}"#,
        #"{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}"#,
        #"{"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}"#,
        #"{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"h"}"#,
        #"{"type":"response.reasoning_summary_text.done","output_index":0,"summary_index":0,"text":"h"}"#,
        #"{"type":"response.reasoning_summary_part.added","output_index":0,"summary_index":1,"part":{"type":"summary_text","text":""}}"#,
        #"{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":1,"delta":"m"}"#,
        #"{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"h"},{"type":"summary_text","text":"m"}],"encrypted_content":"E"}}"#,
        #"{"type":"response.output_item.added","output_index":1,"item":{"id":"msg_1","type":"message","status":"in_progress","content":[]}}"#,
        #"{"type":"response.content_part.added","output_index":1,"content_index":0,"part":{"type":"output_text","text":""}}"#,
        #"{"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"a","logprobs":[{"token":"a","logprob":-0.5,"top_logprobs":[]}]}"#,
        #"{"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"b","logprobs":[]}"#,
        #"{"type":"response.output_text.done","output_index":1,"content_index":0,"text":"ab"}"#,
        #"{"type":"response.output_item.done","output_index":1,"item":{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"ab"}]}}"#,
        #"{"type":"response.output_item.added","output_index":2,"item":{"id":"fc_1","type":"function_call","arguments":"","call_id":"a","name":"f"}}"#,
        #"{"type":"response.function_call_arguments.delta","output_index":2,"delta":"{\"x\""}"#,
        #"{"type":"response.output_item.added","output_index":3,"item":{"id":"fc_2","type":"function_call","arguments":"","call_id":"b","name":"g"}}"#,
        #"{"type":"response.function_call_arguments.delta","output_index":2,"delta":":1}"}"#,
        #"{"type":"response.function_call_arguments.done","output_index":2,"arguments":"{\"x\":1}"}"#,
        #"{"type":"response.function_call_arguments.done","output_index":3,"arguments":"{}"}"#,
        #"{"type":"response.something.new","output_index":9}"#,
        completed(output, #""status":"completed","# + usage),
    ]

    @Test("A stream as OpenAI sends it, with parallel calls")
    func stream() throws {
        #expect(
            try self.translate(Self.stream) == [
                .started(id: "resp_1", model: "m"), .reasoning("h"), .reasoning("\n\n"), .reasoning("m"),
                .reasoningProof(Reasoning(text: "", encrypted: "E", id: "rs_1")), .text("a"),
                .logProbabilities([TokenProbability(chosen: .init(token: "a", logProbability: -0.5), top: [])]),
                .text("b"), .toolCall(index: 0, id: "a", name: "f"), .toolArguments(index: 0, "{\"x\""),
                .toolCall(index: 1, id: "b", name: "g"), .toolArguments(index: 0, ":1}"),
                .toolArguments(index: 1, "{}"),
                .usage(TokenUsage(prompt: 9, completion: 4, cachedPrompt: 3, cacheWrite: 2, reasoning: 1)),
                .finished(.toolCalls),
            ]
        )
    }

    @Test("A whole answer, and a stream of nothing but its last event, are the same events")
    func whole() throws {
        let expected: [ChatEvent] = [
            .started(id: "resp_1", model: "m"), .reasoning("h\n\nm"),
            .reasoningProof(Reasoning(text: "", encrypted: "E", id: "rs_1")), .text("ab"),
            .toolCall(index: 0, id: "a", name: "f"), .toolArguments(index: 0, "{\"x\":1}"),
            .toolCall(index: 1, id: "b", name: "g"), .toolArguments(index: 1, "{}"),
            .usage(TokenUsage(prompt: 9, completion: 4, cachedPrompt: 3, cacheWrite: 2, reasoning: 1)),
            .finished(.toolCalls),
        ]
        #expect(try self.translate([Self.stream.last!]) == expected)
        let whole =
            #"{"id":"resp_1","object":"response","model":"m","status":"completed","error":null,"output":\#(Self.output),\#(Self.usage)}"#
        #expect(try self.translate([whole]) == expected)
    }

    @Test("Without any delta, the end of each item tells it; nothing is told twice")
    func endsOnly() throws {
        let ends = Self.stream.filter { $0.contains("output_item.done") || $0.contains("arguments.done") }
        let added = Self.stream.filter { $0.contains("output_item.added") }
        let events = try self.translate(added + ends + [Self.stream.last!, Self.stream.last!])
        let texts = events.compactMap { if case .text(let text) = $0 { text } else { nil } }
        let thoughts = events.compactMap { if case .reasoning(let text) = $0 { text } else { nil } }
        let arguments = events.compactMap { if case .toolArguments(_, let text) = $0 { text } else { nil } }
        #expect(texts == ["ab"])
        #expect(thoughts == ["h\n\nm"])
        #expect(arguments == ["{\"x\":1}", "{}"])
    }

    @Test(
        "Every reason",
        arguments: [
            (completed(), FinishReason.stop),
            (completed("[]", #""status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}"#), .length),
            (completed("[]", #""status":"incomplete","incomplete_details":{"reason":"content_filter"}"#), .filtered),
            (completed("[]", #""status":"incomplete","incomplete_details":{"reason":"odd"}"#), .other("odd")),
            (completed("[]", #""status":"cancelled""#), .other("cancelled")),
        ]
    )
    func reasons(chunk: String, reason: FinishReason) throws {
        #expect(try self.translate([chunk]).last == .finished(reason))
    }

    @Test("A refusal is text")
    func refusal() throws {
        let events = try self.translate([
            #"{"type":"response.refusal.delta","output_index":0,"delta":"No."}"#, Self.completed(),
        ])
        #expect(events.contains(.text("No.")))
    }

    @Test(
        "Errors within the stream mean what they say",
        arguments: [
            (
                #"{"type":"error","code":"rate_limit_exceeded","message":"x","param":null}"#,
                BridgeError.Code.rateLimited
            ),
            (#"{"type":"error","error":{"type":"server_error","message":"x"}}"#, .overloaded),
            (
                #"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"x"}}}"#,
                .overloaded
            ),
            (
                #"{"type":"response.failed","response":{"status":"failed","error":{"code":"context_length_exceeded","message":"x"}}}"#,
                .contextTooLong
            ),
            (#"{"error":{"code":"invalid_api_key","message":"x"}}"#, .unauthorized), ("nonsense", .garbled),
            ("[]", .garbled),
        ]
    )
    func errors(chunk: String, code: BridgeError.Code) throws {
        let error = try #require(throws: BridgeError.self) { try self.translate([Self.stream[0], chunk]) }
        #expect(error.code == code)
    }

    @Test("A stream cut anywhere before its last event is the beginning of the same stream, then cut off")
    func everyCut() throws {
        let whole = try self.translate(Self.stream)
        for count in 0..<Self.stream.count {
            var translator = OpenAIResponsesTranslator(errors: ProviderErrors(key: nil))
            var events: [ChatEvent] = []
            for chunk in Self.stream.prefix(count) {
                events += try translator.receive(StreamedEvent(name: "message", data: chunk))
            }
            #expect(whole.starts(with: events), "after \(count)")
            let error = try #require(throws: BridgeError.self) { try translator.finish() }
            #expect(error.code == .cutOff)
            #expect(translator.hasBegun == (count > 0))
        }
    }

    @Test("Cutting the bytes anywhere changes nothing")
    func bytes() throws {
        let text = Self.stream.map { "event: x\r\ndata: \($0)\r\n\r\n" }.joined()
        var parser = ServerSentEventParser()
        var translator = OpenAIResponsesTranslator(errors: ProviderErrors(key: nil))
        var events: [ChatEvent] = []
        for byte in text.utf8 {
            for event in try parser.feed([byte]) { events += try translator.receive(event) }
        }
        events += try translator.finish()
        #expect(events == (try self.translate(Self.stream)))
    }
}
