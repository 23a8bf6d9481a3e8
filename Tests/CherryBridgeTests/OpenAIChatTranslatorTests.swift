import CherryCore
import Testing

@testable import CherryBridge

@Suite("OpenAI stream translator")
struct OpenAIChatTranslatorTests {
    private func translate(_ chunks: [String]) throws -> [ChatEvent] {
        var translator = OpenAIChatTranslator(errors: ProviderErrors(key: nil))
        let events = try chunks.flatMap { try translator.receive(StreamedEvent(name: "message", data: $0)) }
        return try events + translator.finish()
    }

    @Test("A finish reason that is empty or comes with every piece cuts nothing short, and the last one counts")
    func finishReasons() throws {
        let events = try self.translate([
            #"{"choices":[{"delta":{"content":"a"},"finish_reason":""}]}"#,
            #"{"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}]}"#,
            #"{"choices":[{"delta":{"content":"c"},"finish_reason":"length"}]}"#,
            #"{"choices":[{"delta":{},"finish_reason":""}]}"#,
        ])
        #expect(events == [.text("a"), .text("b"), .text("c"), .finished(.length)])
    }

    @Test("Fields of unexpected types are passed over, and a refusal is text")
    func unexpectedTypes() throws {
        let events = try self.translate([
            #"{"choices":[{"index":null,"delta":{"content":7,"reasoning":{"x":1}}}],"usage":null,"error":null}"#,
            #"{"choices":[{"delta":{"refusal":"No."}}]}"#,
            #"{"choices":[{"index":1,"delta":{"content":"another"}}]}"#,
            #"{"choices":null}"#, #"{}"#,
            #"{"choices":[{"finish_reason":"content_filter"}]}"#,
        ])
        #expect(events == [.text("No."), .finished(.filtered)])
    }

    @Test("The signature of a call of Gemini's comes with it, streamed in pieces or whole")
    func signatures() throws {
        let signed = #""extra_content":{"google":{"thought_signature":"S"}}"#
        let begin = #"{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}"#
        let call: [ChatEvent] = [
            .toolCall(index: 0, id: "a", name: "f"), .toolArguments(index: 0, "{}"),
            .toolCallProof(index: 0, signature: "S"), .finished(.toolCalls),
        ]
        let end = #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#
        #expect(
            try self.translate([#"{"choices":[{"delta":{"tool_calls":[\#(begin),\#(signed)}]}}]}"#, end]) == call
        )
        #expect(
            try self.translate([
                #"{"choices":[{"delta":{"tool_calls":[\#(begin)}]}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":[{"index":0,\#(signed)}]}}]}"#, end,
            ]) == call
        )
    }

    @Test("The last count of tokens is the one that holds")
    func usage() throws {
        let events = try self.translate([
            #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#,
            #"{"choices":[{"delta":{"content":"a"},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#,
        ])
        #expect(events == [.text("a"), .usage(TokenUsage(prompt: 3, completion: 2)), .finished(.toolCalls)])
    }

    @Test(
        "An error within the stream means what its code says",
        arguments: [
            (#"{"error":{"code":429,"message":"x"}}"#, BridgeError.Code.rateLimited),
            (#"{"error":{"code":"rate_limit_exceeded"}}"#, .rateLimited),
            (#"{"error":{"type":"insufficient_quota"}}"#, .rateLimited),
            (#"{"error":{"code":"invalid_api_key"}}"#, .unauthorized),
            (#"{"error":{"type":"server_error","code":500}}"#, .overloaded),
            (#"{"error":{"type":"overloaded_error"}}"#, .overloaded),
            (#"{"error":{"code":"context_length_exceeded"}}"#, .contextTooLong),
            (#"{"error":{"code":400,"type":"exceed_context_size_error"}}"#, .contextTooLong),
            (#"{"error":"something"}"#, .refused),
        ]
    )
    func errors(chunk: String, code: BridgeError.Code) throws {
        let error = try #require(throws: BridgeError.self) { try self.translate([chunk]) }
        #expect(error.code == code)
    }

    @Test("A stream cut at any byte before its end is the beginning of the same stream, then cut off")
    func everyCut() throws {
        let stream = Array(
            ("data: {\"choices\":[{\"delta\":{\"content\":\"Kir🍒\"}}]}\r\n\r\n"
                + "data: {\"choices\":[{\"delta\":{\"content\":\"sche\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
                .utf8
        )
        for cut in 0...stream.count {
            var parser = ServerSentEventParser()
            var translator = OpenAIChatTranslator(errors: ProviderErrors(key: nil))
            var events: [ChatEvent] = []
            for byte in stream[..<cut] {
                for event in try parser.feed([byte]) { events += try translator.receive(event) }
            }
            #expect([ChatEvent.text("Kir🍒"), .text("sche")].starts(with: events), "cut at \(cut)")
            do {
                events += try translator.finish()
                #expect(events == [.text("Kir🍒"), .text("sche"), .finished(.stop)], "cut at \(cut)")
            } catch let error as BridgeError {
                #expect(error.code == .cutOff && events.count < 2, "cut at \(cut)")
            }
        }
    }
}
