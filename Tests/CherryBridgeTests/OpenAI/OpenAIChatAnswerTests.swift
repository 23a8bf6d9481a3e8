import CherryCore
import Testing

@testable import CherryBridge

@Suite("OpenAI-compatible API, answers")
struct OpenAIChatAnswerTests {
    private func translate(_ chunks: [String]) throws -> [ChatEvent] {
        var translator = OpenAIChatTranslator(errors: ProviderErrors(key: nil))
        let events = try chunks.flatMap { try translator.receive(StreamedEvent(name: "message", data: $0)) }
        return try events + translator.finish()
    }

    @Test("The first name that an answer gives itself is told once, before anything else")
    func started() throws {
        let events = try self.translate([
            #"{"id":"i","model":"m-1","choices":[{"delta":{"content":"a"}}]}"#,
            #"{"id":"j","model":"m-2","choices":[{"delta":{"content":"b"},"finish_reason":"stop"}]}"#,
        ])
        #expect(events == [.started(id: "i", model: "m-1"), .text("a"), .text("b"), .finished(.stop)])
        let nameless = try self.translate([#"{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#])
        #expect(nameless == [.text("a"), .finished(.stop)])
    }

    @Test("A first chunk about the prompt alone, which has no name, does not count as the beginning")
    func promptFilter() throws {
        let events = try self.translate([
            #"{"id":"","model":"","choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}"#,
            #"{"id":"i","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"a"},"content_filter_results":{}}]}"#,
            #"{"id":"","model":"","choices":[{"index":0,"finish_reason":null,"content_filter_offsets":{},"content_filter_results":{}}]}"#,
            #"{"id":"i","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
        ])
        #expect(events == [.started(id: "i", model: "m"), .text("a"), .finished(.stop)])
    }

    @Test("Parallel calls, one after the other and interleaved")
    func calls() throws {
        let events = try self.translate([
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\""}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}},{"index":0,"function":{"arguments":":1}"}}]}}]}"#,
            #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#,
        ])
        #expect(
            events == [
                .toolCall(index: 0, id: "a", name: "f"), .toolArguments(index: 0, "{\"x\""),
                .toolCall(index: 1, id: "b", name: "g"), .toolArguments(index: 1, "{}"),
                .toolArguments(index: 0, ":1}"), .finished(.toolCalls),
            ]
        )
    }

    @Test("A whole answer is the same events")
    func whole() throws {
        let events = try self.translate([
            #"""
            {"id":"i","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant",
              "content":"a","reasoning_content":"hm","tool_calls":[
                {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
                {"id":"b","type":"function","function":{"name":"g","arguments":"[]"}}]},
              "logprobs":{"content":[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-1}]}]},
              "finish_reason":"tool_calls"}],
             "usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,
               "prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},
               "completion_tokens_details":{"reasoning_tokens":1}}}
            """#
        ])
        #expect(
            events == [
                .started(id: "i", model: "m"), .reasoning("hm"), .text("a"), .toolCall(index: 0, id: "a", name: "f"),
                .toolArguments(index: 0, "{}"), .toolCall(index: 1, id: "b", name: "g"),
                .toolArguments(index: 1, "[]"),
                .logProbabilities([
                    TokenProbability(
                        chosen: .init(token: "a", logProbability: -0.5, bytes: [97]),
                        top: [.init(token: "b", logProbability: -1)]
                    )
                ]),
                .usage(TokenUsage(prompt: 9, completion: 4, cachedPrompt: 3, cacheWrite: 2, reasoning: 1)),
                .finished(.toolCalls),
            ]
        )
    }

    @Test("Content in parts keeps thinking apart, in order")
    func parts() throws {
        let events = try self.translate([
            #"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}}]}"#,
            #"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"so"}],"closed":true,"signature":"S"},{"type":"text","text":"a"}]},"finish_reason":"model_length"}]}"#,
        ])
        #expect(
            events == [
                .reasoning("hm"), .reasoning("so"), .reasoningProof(Reasoning(text: "", signature: "S")), .text("a"),
                .finished(.length),
            ]
        )
    }

    @Test("A model that failed in the middle is a failure, not an end")
    func failedReason() throws {
        let error = try #require(throws: BridgeError.self) {
            try self.translate([#"{"choices":[{"delta":{"content":"a"},"finish_reason":"error"}]}"#])
        }
        #expect(error.code == .overloaded)
    }
}
