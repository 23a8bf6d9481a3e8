import CherryCore

/// Chat completions of Mistral (API reference, "Chat Completion Endpoint"): calls come whole, usage comes with the reason
/// without being asked for, and reasoning is a part of the content.
struct MistralWriter: AnswerWriter {
    let framing = StreamFraming.serverSentEvents(isNamed: false)

    func whole(_ script: Script, to question: Question) -> JSONValue {
        let outline = Outline(script)
        let (text, reasoning) = (outline.text(of: .text), outline.text(of: .reasoning))
        var message: JSONValue = ["role": "assistant", "content": .string(text)]
        if !reasoning.isEmpty {
            message["content"] = [Self.thinking(reasoning), ["type": "text", "text": .string(text)]]
        }
        message["tool_calls"] =
            outline.calls.isEmpty
            ? .null : .array(outline.calls.enumerated().map { Self.call($0.element, place: $0.offset) })
        var answer = self.head(script, question, object: "chat.completion")
        answer["choices"] = [
            ["index": 0, "message": message, "finish_reason": .string(Self.reason(script.reason))]
        ]
        if script.usageAt != .never { answer["usage"] = Self.usage(script.usage) }
        return answer
    }

    func events(_ script: Script, to question: Question) -> [AnswerEvent] {
        let outline = Outline(script)
        let head = self.head(script, question, object: "chat.completion.chunk")
        var done = 0
        func chunk(
            _ delta: JSONValue,
            _ part: AnswerEvent.Part = .content,
            finish: JSONValue = .null,
            isTold: Bool = false,
            completesPiece: Bool = false
        ) -> AnswerEvent {
            if completesPiece { done += 1 }
            var value = head
            value["choices"] = [["index": 0, "delta": delta, "finish_reason": finish]]
            if isTold || script.usageAt == .every {
                value["usage"] = Self.usage(script.usage.partial(done, of: outline.pieces.count))
            }
            return AnswerEvent(value, part, completesPiece: completesPiece)
        }
        var events = [chunk(["role": "assistant", "content": ""], .opening)]
        if script.usageAt == .first {
            var value = head
            value["choices"] = []
            value["usage"] = Self.usage(script.usage)
            events.append(AnswerEvent(value, .opening))
        }
        for piece in outline.pieces {
            switch outline.blocks[piece.block].kind {
            case .reasoning: events.append(chunk(["content": [Self.thinking(piece.text)]], completesPiece: true))
            case .text: events.append(chunk(["content": .string(piece.text)], completesPiece: true))
            case .call(let call, let place):
                guard piece.isFirst else { continue }
                events.append(chunk(["tool_calls": [Self.call(call, place: place)]], completesPiece: true))
            }
        }
        done = outline.pieces.count
        let reason = JSONValue.string(Self.reason(script.reason))
        events.append(chunk(["content": ""], .ending, finish: reason, isTold: script.usageAt == .last))
        events.append(AnswerEvent(text: "[DONE]", .terminator))
        return events
    }

    func refusal(_ status: Int, _ message: String) -> Refusal {
        Refusal(body: [
            "object": "error", "message": .string(message), "type": .string(status == 429 ? "rate_limited" : "error"),
            "param": .null, "code": .string("\(status)"),
        ])
    }

    func errorEvent(_ message: String, after count: Int) -> AnswerEvent {
        AnswerEvent(["object": "error", "message": .string(message), "type": "error", "param": .null, "code": "500"])
            .asError
    }

    private func head(_ script: Script, _ question: Question, object: String) -> JSONValue {
        [
            "id": .string("scripted-\(script.id)"), "object": .string(object), "created": .count(Moment.seconds),
            "model": .string(script.model ?? question.model),
        ]
    }

    private static func thinking(_ text: String) -> JSONValue {
        ["type": "thinking", "thinking": [["type": "text", "text": .string(text)]]]
    }

    private static func call(_ call: Script.Call, place: Int) -> JSONValue {
        [
            "id": .string(call.id), "index": .count(place), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments.joined())],
        ]
    }

    private static func reason(_ reason: Script.Finish) -> String {
        switch reason {
        case .stop, .stopText: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .filtered: "content_filter"
        }
    }

    private static func usage(_ usage: Script.Usage) -> JSONValue {
        var value: JSONValue = [
            "prompt_tokens": .count(usage.prompt), "total_tokens": .count(usage.prompt + usage.completion),
            "completion_tokens": .count(usage.completion),
        ]
        if usage.cached > 0 { value["prompt_tokens_details"] = ["cached_tokens": .count(usage.cached)] }
        return value
    }
}
