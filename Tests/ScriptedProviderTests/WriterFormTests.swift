import CherryCore
import Testing

@testable import ScriptedProvider

/// The exact form of what each API says, written down from its public reference.
@Suite("The form of answers")
struct WriterFormTests {
    static let short = """
        {"id": "s", "text": ["a"], "calls": [{"id": "c1", "name": "f", "arguments": ["{", "}"]}],
         "usage": {"prompt": 9, "completion": 5, "cached": 3, "cacheWrite": 1, "reasoning": 2}}
        """

    static func whole(_ api: ProviderAPI) throws -> JSONValue {
        let script = try ScriptTests.script(self.short)
        return api.writer.whole(script, to: WriterTests.question(api, isStreamed: false))
    }

    @Test("OpenAI's chunks")
    func openAI() throws {
        let head =
            #"{"id":"chatcmpl-s","object":"chat.completion.chunk","created":1760000000,"model":"m","system_fingerprint":"fp_scripted","choices":["#
        let lines = WriterTests.lines(try WriterTests.events(.openAI, Self.short))
        let choices = [
            #"{"role":"assistant","content":""},"logprobs":null,"finish_reason":null"#,
            #"{"content":"a"},"logprobs":null,"finish_reason":null"#,
            #"{"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":""},"index":0}]},"logprobs":null,"finish_reason":null"#,
            #"{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]},"logprobs":null,"finish_reason":null"#,
            #"{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]},"logprobs":null,"finish_reason":null"#,
            #"{},"logprobs":null,"finish_reason":"tool_calls""#,
        ].map { #"\#(head){"index":0,"delta":\#($0)}],"usage":null}"# }
        let usage =
            head
            + #"],"usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":3,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":2,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}"#
        #expect(lines == choices + [usage, "[DONE]"])
        let whole = try Self.whole(.openAI)
        #expect(whole["object"] == "chat.completion")
        #expect(
            whole["choices"]?.array?.first?["message"] == [
                "role": "assistant", "content": "a", "refusal": .null, "annotations": [],
                "tool_calls": [["id": "c1", "type": "function", "function": ["name": "f", "arguments": "{}"]]],
            ]
        )
    }

    @Test("Azure's first event has no choices")
    func azure() throws {
        let events = try WriterTests.events(.azure, Self.short).map { try? JSONValue(parsing: $0.data) }
        #expect(events[0]?["choices"] == [])
        #expect(events[0]?["prompt_filter_results"]?.array?.count == 1)
        #expect(events[1]?["choices"]?.array?.first?["content_filter_results"] == [:])
    }

    @Test("Anthropic's events")
    func anthropic() throws {
        let lines = WriterTests.lines(try WriterTests.events(.anthropic, Self.short))
        #expect(
            lines == [
                #"message_start {"type":"message_start","message":{"id":"msg_s","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":5,"cache_creation_input_tokens":1,"cache_read_input_tokens":3,"output_tokens":1,"service_tier":"standard"}}}"#,
                #"ping {"type":"ping"}"#,
                #"content_block_start {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
                #"content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"#,
                #"content_block_stop {"type":"content_block_stop","index":0}"#,
                #"content_block_start {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"c1","name":"f","input":{}}}"#,
                #"content_block_delta {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{"}}"#,
                #"content_block_delta {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"}"}}"#,
                #"content_block_stop {"type":"content_block_stop","index":1}"#,
                #"message_delta {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":5}}"#,
                #"message_stop {"type":"message_stop"}"#,
            ]
        )
        #expect(
            try Self.whole(.anthropic)["content"] == [
                ["type": "text", "text": "a", "citations": .null],
                ["type": "tool_use", "id": "c1", "name": "f", "input": [:]],
            ]
        )
    }

    @Test("Anthropic's and Bedrock's reasoning is signed", arguments: [ProviderAPI.anthropic, .bedrock])
    func signed(api: ProviderAPI) throws {
        let script = #"{"reasoning": ["x"], "text": [], "signature": "sig"}"#
        let lines = WriterTests.lines(try WriterTests.events(api, script))
        #expect(lines.contains { $0.contains(#""signature":"sig""#) })
        let whole = api.writer.whole(try ScriptTests.script(script), to: WriterTests.question(api))
        #expect(WriterTests.texts("signature", in: whole) == ["sig"])
    }

    @Test("Gemini's events")
    func gemini() throws {
        let lines = WriterTests.lines(try WriterTests.events(.gemini, Self.short))
        let tail = #","modelVersion":"m","responseId":"scripted-s""#
        #expect(
            lines == [
                #"{"candidates":[{"content":{"parts":[{"text":"a"}],"role":"model"},"index":0}]\#(tail)}"#,
                #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{},"id":"c1"}}],"role":"model"},"index":0}]\#(tail)}"#,
                #"{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}]\#(tail),"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3,"totalTokenCount":14,"cachedContentTokenCount":3,"thoughtsTokenCount":2}}"#,
            ]
        )
    }

    @Test("Ollama's lines")
    func ollama() throws {
        let lines = WriterTests.lines(try WriterTests.events(.ollama, Self.short))
        let head = #"{"model":"m","created_at":"2025-10-09T08:53:20.000000Z","message":"#
        #expect(
            lines == [
                #"\#(head){"role":"assistant","content":"a"},"done":false}"#,
                #"\#(head){"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"name":"f","arguments":{}}}]},"done":false}"#,
                #"\#(head){"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":5000000,"load_duration":1000000,"prompt_eval_count":9,"prompt_eval_duration":1000000,"eval_count":5,"eval_duration":3000000}"#,
            ]
        )
    }

    @Test("Bedrock's events")
    func bedrock() throws {
        let lines = WriterTests.lines(try WriterTests.events(.bedrock, Self.short))
        #expect(
            lines == [
                #"messageStart {"role":"assistant"}"#,
                #"contentBlockDelta {"delta":{"text":"a"},"contentBlockIndex":0}"#,
                #"contentBlockStop {"contentBlockIndex":0}"#,
                #"contentBlockStart {"start":{"toolUse":{"toolUseId":"c1","name":"f"}},"contentBlockIndex":1}"#,
                #"contentBlockDelta {"delta":{"toolUse":{"input":"{"}},"contentBlockIndex":1}"#,
                #"contentBlockDelta {"delta":{"toolUse":{"input":"}"}},"contentBlockIndex":1}"#,
                #"contentBlockStop {"contentBlockIndex":1}"#,
                #"messageStop {"stopReason":"tool_use"}"#,
                #"metadata {"usage":{"inputTokens":5,"outputTokens":5,"totalTokens":14,"cacheReadInputTokens":3,"cacheWriteInputTokens":1},"metrics":{"latencyMs":5}}"#,
            ]
        )
    }

    @Test("Events of the Responses API: their names, numbers and places, and the answer that they add up to")
    func responses() throws {
        let events = try WriterTests.events(.responses, Self.short)
        #expect(
            events.map(\.name) == [
                "response.created", "response.in_progress", "response.output_item.added",
                "response.content_part.added", "response.output_text.delta", "response.output_text.done",
                "response.content_part.done", "response.output_item.done", "response.output_item.added",
                "response.function_call_arguments.delta", "response.function_call_arguments.delta",
                "response.function_call_arguments.done", "response.output_item.done", "response.completed",
            ]
        )
        let values = try events.map { try JSONValue(parsing: $0.data) }
        #expect(values.map { $0["sequence_number"]?.integer } == Array(0..<events.count))
        #expect(values.map { $0["type"]?.string } == events.map(\.name))
        #expect(values[9]["item_id"] == "fc_s_1")
        #expect(values[9]["output_index"] == 1)
        #expect(values[13]["response"] == (try Self.whole(.responses)))
        #expect(
            try Self.whole(.responses)["usage"] == [
                "input_tokens": 9, "input_tokens_details": ["cached_tokens": 3], "output_tokens": 5,
                "output_tokens_details": ["reasoning_tokens": 2], "total_tokens": 14,
            ]
        )
    }

    @Test("Mistral's reason and usage come in one event")
    func mistral() throws {
        let lines = WriterTests.lines(try WriterTests.events(.mistral, Self.short))
        #expect(
            lines.suffix(2) == [
                #"{"id":"scripted-s","object":"chat.completion.chunk","created":1760000000,"model":"m","choices":[{"index":0,"delta":{"content":""},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":9,"total_tokens":14,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":3}}}"#,
                "[DONE]",
            ]
        )
    }
}
