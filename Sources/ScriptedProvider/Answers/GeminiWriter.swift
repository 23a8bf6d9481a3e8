import CherryCore

/// `generateContent` of Gemini (API reference, "Generating content"): every event is a whole small answer, calls come
/// whole, and the reason of an answer with calls is `STOP`.
struct GeminiWriter: AnswerWriter {
    let framing = StreamFraming.serverSentEvents(isNamed: false)

    func whole(_ script: Script, to question: Question) -> JSONValue {
        let parts = Outline(script).blocks.map { Self.part($0.kind, $0.text, script) }
        var answer = self.answer(parts, script, question)
        answer["candidates"] = [Self.candidate(parts, finish: Self.reason(script.reason))]
        if script.usageAt != .never { answer["usageMetadata"] = Self.usage(script.usage) }
        return answer
    }

    func events(_ script: Script, to question: Question) -> [AnswerEvent] {
        let outline = Outline(script)
        var events: [AnswerEvent] = []
        for (index, piece) in outline.pieces.enumerated() {
            let block = outline.blocks[piece.block]
            var text = piece.text
            if case .call = block.kind {
                guard piece.isFirst else { continue }
                text = block.text
            }
            var value = self.answer([Self.part(block.kind, text, script)], script, question)
            if script.usageAt == .every || (script.usageAt == .first && events.isEmpty) {
                let usage =
                    script.usageAt == .every
                    ? script.usage.partial(index + 1, of: outline.pieces.count) : script.usage
                value["usageMetadata"] = Self.usage(usage)
            }
            events.append(AnswerEvent(value, completesPiece: true))
        }
        var end = self.answer([], script, question)
        end["candidates"] = [Self.candidate([["text": ""]], finish: Self.reason(script.reason))]
        if script.usageAt == .last || script.usageAt == .every { end["usageMetadata"] = Self.usage(script.usage) }
        events.append(AnswerEvent(end, .ending))
        return events
    }

    func refusal(_ status: Int, _ message: String) -> Refusal { Refusal(body: Self.error(status, message)) }

    func errorEvent(_ message: String, after count: Int) -> AnswerEvent {
        AnswerEvent(Self.error(503, message)).asError
    }

    private static func error(_ status: Int, _ message: String) -> JSONValue {
        let name =
            [
                400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
                429: "RESOURCE_EXHAUSTED", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
            ][status] ?? "INTERNAL"
        return ["error": ["code": .count(status), "message": .string(message), "status": .string(name)]]
    }

    private func answer(_ parts: [JSONValue], _ script: Script, _ question: Question) -> JSONValue {
        [
            "candidates": [Self.candidate(parts, finish: nil)],
            "modelVersion": .string(script.model ?? question.model), "responseId": .string("scripted-\(script.id)"),
        ]
    }

    private static func candidate(_ parts: [JSONValue], finish: String?) -> JSONValue {
        var value: JSONValue = ["content": ["parts": .array(parts), "role": "model"]]
        if let finish { value["finishReason"] = .string(finish) }
        value["index"] = 0
        return value
    }

    private static func part(_ kind: Outline.Kind, _ text: String, _ script: Script) -> JSONValue {
        switch kind {
        case .reasoning: return ["text": .string(text), "thought": true]
        case .text: return ["text": .string(text)]
        case .call(let call, _):
            let arguments = JSONValue.reading(text.isEmpty ? "{}" : text)
            var part: JSONValue = [
                "functionCall": ["name": .string(call.name), "args": arguments, "id": .string(call.id)]
            ]
            if let signature = script.signature { part["thoughtSignature"] = .string(signature) }
            return part
        }
    }

    private static func reason(_ reason: Script.Finish) -> String {
        switch reason {
        case .stop, .stopText, .toolCalls: "STOP"
        case .length: "MAX_TOKENS"
        case .filtered: "SAFETY"
        }
    }

    /// Candidates do not include thoughts here.
    private static func usage(_ usage: Script.Usage) -> JSONValue {
        var value: JSONValue = [
            "promptTokenCount": .count(usage.prompt),
            "candidatesTokenCount": .count(usage.completion - usage.reasoning),
            "totalTokenCount": .count(usage.prompt + usage.completion),
        ]
        if usage.cached > 0 { value["cachedContentTokenCount"] = .count(usage.cached) }
        if usage.reasoning > 0 { value["thoughtsTokenCount"] = .count(usage.reasoning) }
        return value
    }
}
