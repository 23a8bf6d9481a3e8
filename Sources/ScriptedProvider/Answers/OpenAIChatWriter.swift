import CherryCore

/// Chat Completions (OpenAI API reference, "Chat" and "Chat streaming"), and what Azure does differently: a first event
/// without choices, and filter results with each choice.
///
/// Reasoning is `reasoning_content`, as DeepSeek, vLLM and others send it.
struct OpenAIChatWriter: AnswerWriter {
    let isAzure: Bool
    let framing = StreamFraming.serverSentEvents(isNamed: false)

    func whole(_ script: Script, to question: Question) -> JSONValue {
        let outline = Outline(script)
        let text = outline.text(of: .text)
        let isTextless = text.isEmpty && !outline.calls.isEmpty
        var message: JSONValue = [
            "role": "assistant", "content": isTextless ? .null : .string(text), "refusal": .null, "annotations": [],
        ]
        let reasoning = outline.text(of: .reasoning)
        if !reasoning.isEmpty { message["reasoning_content"] = .string(reasoning) }
        if !outline.calls.isEmpty {
            message["tool_calls"] = .array(outline.calls.map { Self.call($0, $0.arguments.joined()) })
        }
        var answer = self.head(script, question, object: "chat.completion")
        answer["choices"] = [
            self.choice("message", message, logprobs: .null, finish: .string(Self.reason(script.reason)))
        ]
        if script.usageAt != .never { answer["usage"] = Self.usage(script.usage) }
        return answer
    }

    func events(_ script: Script, to question: Question) -> [AnswerEvent] {
        let outline = Outline(script)
        var list = ChunkList(
            head: self.head(script, question, object: "chat.completion.chunk"),
            script: script,
            pieces: outline.pieces.count,
            isTold: question.wantsUsage
        )
        if self.isAzure { list.append(self.promptFilter) }
        list.chunk(self.delta(["role": "assistant", "content": ""]), .opening)
        if script.usageAt == .first, question.wantsUsage { list.usage(.opening) }
        for piece in outline.pieces {
            switch outline.blocks[piece.block].kind {
            case .reasoning: list.chunk(self.delta(["reasoning_content": .string(piece.text)]), completesPiece: true)
            case .text: list.chunk(self.delta(["content": .string(piece.text)]), completesPiece: true)
            case .call(let call, let place):
                if piece.isFirst {
                    var begun = Self.call(call, "")
                    begun["index"] = .count(place)
                    list.chunk(self.delta(["tool_calls": [begun]]))
                }
                let fragment: JSONValue = ["index": .count(place), "function": ["arguments": .string(piece.text)]]
                list.chunk(self.delta(["tool_calls": [fragment]]), completesPiece: true)
            }
        }
        list.chunk(self.delta([:], finish: .string(Self.reason(script.reason))), .ending)
        if script.usageAt == .last, question.wantsUsage { list.usage(.ending) }
        list.append(AnswerEvent(text: "[DONE]", .terminator))
        return list.events
    }

    func refusal(_ status: Int, _ message: String) -> Refusal {
        if self.isAzure {
            return Refusal(body: ["error": ["code": .string("\(status)"), "message": .string(message)]])
        }
        return Refusal(body: ["error": Self.error(status, message)])
    }

    func errorEvent(_ message: String, after count: Int) -> AnswerEvent {
        AnswerEvent(["error": Self.error(500, message)]).asError
    }

    private static func error(_ status: Int, _ message: String) -> JSONValue {
        let type: String
        switch status {
        case 401: type = "authentication_error"
        case 429: type = "rate_limit_error"
        case ..<500: type = "invalid_request_error"
        default: type = "server_error"
        }
        let code: JSONValue = status == 429 ? "rate_limit_exceeded" : .null
        return ["message": .string(message), "type": .string(type), "param": .null, "code": code]
    }

    private func head(_ script: Script, _ question: Question, object: String) -> JSONValue {
        [
            "id": .string("chatcmpl-\(script.id)"), "object": .string(object), "created": .count(Moment.seconds),
            "model": .string(script.model ?? question.model), "system_fingerprint": "fp_scripted",
        ]
    }

    private func delta(_ delta: JSONValue, finish: JSONValue = .null) -> JSONValue {
        self.choice("delta", delta, logprobs: .null, finish: finish)
    }

    private func choice(_ name: String, _ value: JSONValue, logprobs: JSONValue, finish: JSONValue) -> JSONValue {
        var choice: JSONValue = ["index": 0]
        choice[name] = value
        choice["logprobs"] = logprobs
        choice["finish_reason"] = finish
        if self.isAzure { choice["content_filter_results"] = [:] }
        return choice
    }

    private var promptFilter: AnswerEvent {
        AnswerEvent(
            [
                "id": "", "object": "", "created": 0, "model": "", "choices": [],
                "prompt_filter_results": [
                    ["prompt_index": 0, "content_filter_results": ["hate": ["filtered": false, "severity": "safe"]]]
                ],
            ],
            .opening
        )
    }

    private static func call(_ call: Script.Call, _ arguments: String) -> JSONValue {
        [
            "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(arguments)],
        ]
    }

    static func reason(_ reason: Script.Finish) -> String {
        switch reason {
        case .stop, .stopText: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .filtered: "content_filter"
        }
    }

    static func usage(_ usage: Script.Usage) -> JSONValue {
        [
            "prompt_tokens": .count(usage.prompt), "completion_tokens": .count(usage.completion),
            "total_tokens": .count(usage.prompt + usage.completion),
            "prompt_tokens_details": ["cached_tokens": .count(usage.cached), "audio_tokens": 0],
            "completion_tokens_details": [
                "reasoning_tokens": .count(usage.reasoning), "audio_tokens": 0, "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            ],
        ]
    }
}

/// Chunks of one answer, each with the same head. Where usage was asked for, all but its own carry it as `null`.
private struct ChunkList {
    let head: JSONValue
    let script: Script
    let pieces: Int
    let isTold: Bool
    var done = 0
    var events: [AnswerEvent] = []

    init(head: JSONValue, script: Script, pieces: Int, isTold: Bool) {
        self.head = head
        self.script = script
        self.pieces = pieces
        self.isTold = isTold
    }

    mutating func append(_ event: AnswerEvent) { self.events.append(event) }

    mutating func chunk(
        _ choice: JSONValue,
        _ part: AnswerEvent.Part = .content,
        completesPiece: Bool = false
    ) {
        if completesPiece { self.done += 1 }
        var value = self.head
        value["choices"] = [choice]
        if self.script.usageAt == .every {
            value["usage"] = OpenAIChatWriter.usage(self.script.usage.partial(self.done, of: self.pieces))
        } else if self.isTold, self.script.usageAt != .never {
            value["usage"] = .null
        }
        self.append(AnswerEvent(value, part, completesPiece: completesPiece))
    }

    mutating func usage(_ part: AnswerEvent.Part) {
        var value = self.head
        value["choices"] = []
        value["usage"] = OpenAIChatWriter.usage(self.script.usage)
        self.append(AnswerEvent(value, part))
    }
}
