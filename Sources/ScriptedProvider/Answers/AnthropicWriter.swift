import CherryCore

/// The Messages API (Anthropic API reference, "Messages" and "Streaming messages"). Each kind of content is a block that
/// starts with its first piece and stops after its last; blocks of calls may overlap when a script orders it.
struct AnthropicWriter: AnswerWriter {
    let framing = StreamFraming.serverSentEvents(isNamed: true)

    func whole(_ script: Script, to question: Question) -> JSONValue {
        let blocks = Outline(script).blocks.map { block -> JSONValue in
            switch block.kind {
            case .reasoning:
                [
                    "type": "thinking", "thinking": .string(block.text),
                    "signature": .string(script.signature ?? "c2NyaXB0ZWQ="),
                ]
            case .text: ["type": "text", "text": .string(block.text), "citations": .null]
            case .call(let call, _):
                [
                    "type": "tool_use", "id": .string(call.id), "name": .string(call.name),
                    "input": .reading(block.text.isEmpty ? "{}" : block.text),
                ]
            }
        }
        var message = self.message(script, question)
        message["content"] = .array(blocks)
        let (reason, text) = Self.reason(script.reason)
        message["stop_reason"] = reason
        message["stop_sequence"] = text
        if script.usageAt != .never { message["usage"] = Self.usage(script.usage) }
        return message
    }

    func events(_ script: Script, to question: Question) -> [AnswerEvent] {
        let outline = Outline(script)
        var events = [self.start(script, question), AnswerEvent("ping", ["type": "ping"], .opening)]
        for piece in outline.pieces {
            let block = outline.blocks[piece.block]
            let index = JSONValue.count(piece.block)
            if piece.isFirst {
                events.append(
                    AnswerEvent(
                        "content_block_start",
                        ["type": "content_block_start", "index": index, "content_block": Self.empty(block.kind)]
                    )
                )
            }
            events.append(Self.delta(index, Self.delta(block.kind, piece.text), completesPiece: true))
            guard piece.isLast else { continue }
            if block.kind == .reasoning {
                let signature = JSONValue.string(script.signature ?? "c2NyaXB0ZWQ=")
                events.append(Self.delta(index, ["type": "signature_delta", "signature": signature]))
            }
            events.append(AnswerEvent("content_block_stop", ["type": "content_block_stop", "index": index]))
        }
        let (reason, text) = Self.reason(script.reason)
        var end: JSONValue = ["type": "message_delta", "delta": ["stop_reason": reason, "stop_sequence": text]]
        switch script.usageAt {
        case .last: end["usage"] = ["output_tokens": .count(script.usage.completion)]
        case .every: end["usage"] = Self.usage(script.usage)
        case .first, .never: break
        }
        events.append(AnswerEvent("message_delta", end, .ending))
        events.append(AnswerEvent("message_stop", ["type": "message_stop"], .terminator))
        return events
    }

    func refusal(_ status: Int, _ message: String) -> Refusal {
        Refusal(
            headers: [("request-id", "req_scripted")],
            body: [
                "type": "error", "error": ["type": .string(Self.errorType(status)), "message": .string(message)],
                "request_id": "req_scripted",
            ]
        )
    }

    func errorEvent(_ message: String, after count: Int) -> AnswerEvent {
        AnswerEvent(
            "error",
            ["type": "error", "error": ["type": "overloaded_error", "message": .string(message)]]
        ).asError
    }

    private static func errorType(_ status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 529: "overloaded_error"
        case ..<500: "invalid_request_error"
        default: "api_error"
        }
    }

    private func message(_ script: Script, _ question: Question) -> JSONValue {
        [
            "id": .string("msg_\(script.id)"), "type": "message", "role": "assistant",
            "model": .string(script.model ?? question.model), "content": [], "stop_reason": .null,
            "stop_sequence": .null,
        ]
    }

    private func start(_ script: Script, _ question: Question) -> AnswerEvent {
        var message = self.message(script, question)
        if script.usageAt != .never {
            var usage = script.usage
            if script.usageAt != .first { usage.completion = 1 }
            message["usage"] = Self.usage(usage)
        }
        return AnswerEvent("message_start", ["type": "message_start", "message": message], .opening)
    }

    private static func empty(_ kind: Outline.Kind) -> JSONValue {
        switch kind {
        case .reasoning: ["type": "thinking", "thinking": "", "signature": ""]
        case .text: ["type": "text", "text": ""]
        case .call(let call, _):
            ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": [:]]
        }
    }

    private static func delta(_ kind: Outline.Kind, _ text: String) -> JSONValue {
        switch kind {
        case .reasoning: ["type": "thinking_delta", "thinking": .string(text)]
        case .text: ["type": "text_delta", "text": .string(text)]
        case .call: ["type": "input_json_delta", "partial_json": .string(text)]
        }
    }

    private static func delta(_ index: JSONValue, _ delta: JSONValue, completesPiece: Bool = false) -> AnswerEvent {
        AnswerEvent(
            "content_block_delta",
            ["type": "content_block_delta", "index": index, "delta": delta],
            completesPiece: completesPiece
        )
    }

    private static func reason(_ reason: Script.Finish) -> (JSONValue, text: JSONValue) {
        switch reason {
        case .stop: ("end_turn", .null)
        case .length: ("max_tokens", .null)
        case .toolCalls: ("tool_use", .null)
        case .filtered: ("refusal", .null)
        case .stopText(let text): ("stop_sequence", .string(text))
        }
    }

    private static func usage(_ usage: Script.Usage) -> JSONValue {
        [
            "input_tokens": .count(usage.freshPrompt), "cache_creation_input_tokens": .count(usage.cacheWrite),
            "cache_read_input_tokens": .count(usage.cached), "output_tokens": .count(usage.completion),
            "service_tier": "standard",
        ]
    }
}
