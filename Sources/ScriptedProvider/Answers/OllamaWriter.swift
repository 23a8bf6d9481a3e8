import CherryCore

/// `/api/chat` of Ollama (its API document): one JSON text a line, calls whole, all figures in the last line.
struct OllamaWriter: AnswerWriter {
    let framing = StreamFraming.lines

    func whole(_ script: Script, to question: Question) -> JSONValue {
        let outline = Outline(script)
        var message: JSONValue = ["role": "assistant", "content": .string(outline.text(of: .text))]
        let reasoning = outline.text(of: .reasoning)
        if !reasoning.isEmpty { message["thinking"] = .string(reasoning) }
        if !outline.calls.isEmpty { message["tool_calls"] = .array(outline.calls.map(Self.call)) }
        var value = self.line(message, script, question)
        self.end(&value, script)
        if script.usageAt != .never { Self.count(script.usage, in: &value) }
        return value
    }

    func events(_ script: Script, to question: Question) -> [AnswerEvent] {
        let outline = Outline(script)
        var events: [AnswerEvent] = []
        for (index, piece) in outline.pieces.enumerated() {
            var message: JSONValue = ["role": "assistant", "content": ""]
            switch outline.blocks[piece.block].kind {
            case .reasoning: message["thinking"] = .string(piece.text)
            case .text: message["content"] = .string(piece.text)
            case .call(let call, _):
                guard piece.isFirst else { continue }
                message["tool_calls"] = [Self.call(call)]
            }
            var value = self.line(message, script, question)
            value["done"] = false
            if script.usageAt == .every {
                Self.count(script.usage.partial(index + 1, of: outline.pieces.count), in: &value)
            } else if script.usageAt == .first, events.isEmpty {
                Self.count(script.usage, in: &value)
            }
            events.append(AnswerEvent(value, completesPiece: true))
        }
        var last = self.line(["role": "assistant", "content": ""], script, question)
        self.end(&last, script)
        if script.usageAt == .last || script.usageAt == .every { Self.count(script.usage, in: &last) }
        events.append(AnswerEvent(last, .ending))
        return events
    }

    func refusal(_ status: Int, _ message: String) -> Refusal { Refusal(body: ["error": .string(message)]) }

    func errorEvent(_ message: String, after count: Int) -> AnswerEvent {
        AnswerEvent(["error": .string(message)]).asError
    }

    private func line(_ message: JSONValue, _ script: Script, _ question: Question) -> JSONValue {
        [
            "model": .string(script.model ?? question.model), "created_at": .string(Moment.text), "message": message,
        ]
    }

    private func end(_ value: inout JSONValue, _ script: Script) {
        value["done"] = true
        value["done_reason"] = script.reason == .length ? "length" : "stop"
        value["total_duration"] = 5_000_000
        value["load_duration"] = 1_000_000
    }

    private static func count(_ usage: Script.Usage, in value: inout JSONValue) {
        value["prompt_eval_count"] = .count(usage.prompt)
        value["prompt_eval_duration"] = 1_000_000
        value["eval_count"] = .count(usage.completion)
        value["eval_duration"] = 3_000_000
    }

    private static func call(_ call: Script.Call) -> JSONValue {
        let text = call.arguments.joined()
        return [
            "id": .string(call.id),
            "function": ["name": .string(call.name), "arguments": .reading(text.isEmpty ? "{}" : text)],
        ]
    }
}
