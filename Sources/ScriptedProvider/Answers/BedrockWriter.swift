import CherryCore

/// Converse and ConverseStream (Amazon Bedrock Runtime API reference), in AWS event-stream framing.
struct BedrockWriter: AnswerWriter {
    let framing = StreamFraming.awsEventStream

    func whole(_ script: Script, to question: Question) -> JSONValue {
        let blocks = Outline(script).blocks.map { block -> JSONValue in
            switch block.kind {
            case .reasoning:
                [
                    "reasoningContent": [
                        "reasoningText": [
                            "text": .string(block.text), "signature": .string(script.signature ?? "c2NyaXB0ZWQ="),
                        ]
                    ]
                ]
            case .text: ["text": .string(block.text)]
            case .call(let call, _):
                [
                    "toolUse": [
                        "toolUseId": .string(call.id), "name": .string(call.name),
                        "input": .reading(block.text.isEmpty ? "{}" : block.text),
                    ]
                ]
            }
        }
        var answer: JSONValue = [
            "output": ["message": ["role": "assistant", "content": .array(blocks)]],
            "stopReason": .string(Self.reason(script.reason)), "metrics": ["latencyMs": 5],
        ]
        if script.usageAt != .never { answer["usage"] = Self.usage(script.usage) }
        return answer
    }

    func events(_ script: Script, to question: Question) -> [AnswerEvent] {
        let outline = Outline(script)
        let usage = AnswerEvent(
            "metadata",
            ["usage": Self.usage(script.usage), "metrics": ["latencyMs": 5]],
            .ending
        )
        var events = [AnswerEvent("messageStart", ["role": "assistant"], .opening)]
        if script.usageAt == .first || script.usageAt == .every {
            var first = usage
            first.part = .opening
            events.append(first)
        }
        for piece in outline.pieces {
            let block = outline.blocks[piece.block]
            let index = JSONValue.count(piece.block)
            // Only calls have something to say at their start; text and reasoning begin with their first piece.
            if piece.isFirst, case .call(let call, _) = block.kind {
                let start: JSONValue = ["toolUse": ["toolUseId": .string(call.id), "name": .string(call.name)]]
                events.append(AnswerEvent("contentBlockStart", ["start": start, "contentBlockIndex": index]))
            }
            events.append(Self.delta(index, Self.delta(block.kind, piece.text), completesPiece: true))
            guard piece.isLast else { continue }
            if block.kind == .reasoning {
                let signature = JSONValue.string(script.signature ?? "c2NyaXB0ZWQ=")
                events.append(Self.delta(index, ["reasoningContent": ["signature": signature]]))
            }
            events.append(AnswerEvent("contentBlockStop", ["contentBlockIndex": index]))
        }
        events.append(AnswerEvent("messageStop", ["stopReason": .string(Self.reason(script.reason))], .ending))
        if script.usageAt == .last || script.usageAt == .every { events.append(usage) }
        return events
    }

    func refusal(_ status: Int, _ message: String) -> Refusal {
        let type =
            [
                400: "ValidationException", 403: "AccessDeniedException", 404: "ResourceNotFoundException",
                408: "ModelTimeoutException", 424: "ModelErrorException", 429: "ThrottlingException",
                503: "ServiceUnavailableException",
            ][status] ?? "InternalServerException"
        return Refusal(headers: [("x-amzn-ErrorType", type)], body: ["message": .string(message)])
    }

    func errorEvent(_ message: String, after count: Int) -> AnswerEvent {
        AnswerEvent("modelStreamErrorException", ["message": .string(message), "originalStatusCode": 500]).asError
    }

    private static func delta(_ kind: Outline.Kind, _ text: String) -> JSONValue {
        switch kind {
        case .reasoning: ["reasoningContent": ["text": .string(text)]]
        case .text: ["text": .string(text)]
        case .call: ["toolUse": ["input": .string(text)]]
        }
    }

    private static func delta(_ index: JSONValue, _ delta: JSONValue, completesPiece: Bool = false) -> AnswerEvent {
        AnswerEvent(
            "contentBlockDelta",
            ["delta": delta, "contentBlockIndex": index],
            completesPiece: completesPiece
        )
    }

    private static func reason(_ reason: Script.Finish) -> String {
        switch reason {
        case .stop: "end_turn"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        case .filtered: "content_filtered"
        case .stopText: "stop_sequence"
        }
    }

    /// Cached tokens are not part of `inputTokens` here.
    private static func usage(_ usage: Script.Usage) -> JSONValue {
        [
            "inputTokens": .count(usage.freshPrompt), "outputTokens": .count(usage.completion),
            "totalTokens": .count(usage.prompt + usage.completion),
            "cacheReadInputTokens": .count(usage.cached), "cacheWriteInputTokens": .count(usage.cacheWrite),
        ]
    }
}
