import CherryBridge
import CherryCore

/// One answer in every API: some reasoning, some text, two calls at once, and what it took.
extension DialectCase {
    static func events(_ chunks: [String]) -> [UInt8] { chunks.flatMap { Array("data: \($0)\n\n".utf8) } }

    static func saying(
        _ start: ChatEvent? = .started(id: "i", model: "m-1"),
        _ usage: TokenUsage = TokenUsage(prompt: 9, completion: 4, cachedPrompt: 3, reasoning: 1)
    ) -> [ChatEvent] {
        (start.map { [$0] } ?? []) + [
            .reasoning("hm"), .text("Kirsche 🍒"), .toolCall(index: 0, id: "a", name: "f"),
            .toolArguments(index: 0, "{\"x\":1}"), .toolCall(index: 1, id: "b", name: "g"),
            .toolArguments(index: 1, "{}"), .usage(usage), .finished(.toolCalls),
        ]
    }

    static let chatChunks = [
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"content":"Kir"}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"content":"sche 🍒"}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":"}}]}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}},{"index":0,"function":{"arguments":"1}"}}]}}]}"#,
        #"{"id":"i","model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":1}}}"#,
        "[DONE]",
    ]

    static let responsesChunks = [
        #"{"type":"response.created","response":{"id":"i","model":"m-1"}}"#,
        #"{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"hm"}"#,
        #"{"type":"response.output_text.delta","output_index":1,"delta":"Kir"}"#,
        #"{"type":"response.output_text.delta","output_index":1,"delta":"sche 🍒"}"#,
        #"{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","call_id":"a","name":"f","arguments":""}}"#,
        #"{"type":"response.function_call_arguments.delta","output_index":2,"delta":"{\"x\":"}"#,
        #"{"type":"response.function_call_arguments.delta","output_index":2,"delta":"1}"}"#,
        #"{"type":"response.output_item.added","output_index":3,"item":{"type":"function_call","call_id":"b","name":"g","arguments":""}}"#,
        #"{"type":"response.function_call_arguments.delta","output_index":3,"delta":"{}"}"#,
        #"{"type":"response.completed","response":{"id":"i","status":"completed","output":[],"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":3},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":1}}}}"#,
    ]

    static let anthropicChunks = [
        #"{"type":"message_start","message":{"id":"i","type":"message","model":"m-1","content":[],"usage":{"input_tokens":6,"cache_read_input_tokens":3,"output_tokens":1}}}"#,
        #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
        #"{"type":"content_block_stop","index":0}"#, #"{"type":"ping"}"#,
        #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
        #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Kir"}}"#,
        #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"sche 🍒"}}"#,
        #"{"type":"content_block_stop","index":1}"#,
        #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}"#,
        #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"x\":"}}"#,
        #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#,
        #"{"type":"content_block_stop","index":2}"#,
        #"{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"b","name":"g","input":{}}}"#,
        #"{"type":"content_block_stop","index":3}"#,
        #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":4,"output_tokens_details":{"thinking_tokens":1}}}"#,
        #"{"type":"message_stop"}"#,
    ]

    static let geminiChunks = [
        #"{"responseId":"i","modelVersion":"m-1","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"Kir"}]}}]}"#,
        #"{"responseId":"i","modelVersion":"m-1","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"sche 🍒"},{"functionCall":{"id":"a","name":"f","args":{"x":1}}},{"functionCall":{"id":"b","name":"g","args":{}}}]}}]}"#,
        #"{"responseId":"i","modelVersion":"m-1","candidates":[{"index":0,"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3,"thoughtsTokenCount":1,"cachedContentTokenCount":3}}"#,
    ]

    static let ollamaLines = [
        #"{"model":"m-1","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}"#,
        #"{"model":"m-1","message":{"role":"assistant","content":"Kir"},"done":false}"#,
        #"{"model":"m-1","message":{"role":"assistant","content":"sche 🍒","tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x":1}}},{"id":"b","function":{"name":"g","arguments":{}}}]},"done":false}"#,
        #"{"model":"m-1","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":4}"#,
    ]

    static let bedrockMessages: [(String, String)] = [
        ("messageStart", #"{"role":"assistant"}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}"#),
        ("contentBlockStop", #"{"contentBlockIndex":0}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"Kir"}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"sche 🍒"}}"#),
        ("contentBlockStop", #"{"contentBlockIndex":1}"#),
        ("contentBlockStart", #"{"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"a","name":"f"}}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"x\":1}"}}}"#),
        ("contentBlockStop", #"{"contentBlockIndex":2}"#),
        ("contentBlockStart", #"{"contentBlockIndex":3,"start":{"toolUse":{"toolUseId":"b","name":"g"}}}"#),
        ("contentBlockStop", #"{"contentBlockIndex":3}"#), ("messageStop", #"{"stopReason":"tool_use"}"#),
        ("metadata", #"{"usage":{"inputTokens":6,"cacheReadInputTokens":3,"outputTokens":4}}"#),
    ]

    static let anthropicSettings: ChatRequest = {
        var request = FullRequest.settings()
        request.tools[1].parameters = FullRequest.schema
        request.topK = 40
        request.reasoning = nil
        request.format = nil
        request.seed = nil
        request.frequencyPenalty = nil
        request.presencePenalty = nil
        request.topLogProbabilities = nil
        return request
    }()
}
