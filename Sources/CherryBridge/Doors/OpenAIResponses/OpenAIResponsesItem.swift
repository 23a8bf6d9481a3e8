import CherryCore

/// One item of an answer in the Responses API, from its first event to its last.
struct OpenAIResponsesItem: Sendable {
    enum Kind: Sendable {
        case message, reasoning
        case call(index: Int, id: String, name: String)
    }

    private let kind: Kind
    private let id: String
    private let place: Int
    private var text = ""
    private var tokens: [TokenProbability] = []
    /// What proves it to its provider.
    var proof: String?

    init(_ kind: Kind, place: Int, of exchange: String) {
        self.kind = kind
        self.place = place
        let prefix =
            switch kind {
            case .message: "msg"
            case .reasoning: "rs"
            case .call: "fc"
            }
        self.id = "\(prefix)_\(exchange)_\(place)"
    }

    var isMessage: Bool { if case .message = self.kind { true } else { false } }
    var isCall: Bool { if case .call = self.kind { true } else { false } }

    func isCall(_ number: Int) -> Bool { if case .call(number, _, _) = self.kind { true } else { false } }

    /// Whether more of `kind` belongs to it.
    func continues(_ kind: Kind) -> Bool {
        switch (self.kind, kind) {
        case (.message, .message), (.reasoning, .reasoning): true
        default: false
        }
    }

    // MARK: Events

    func begin(_ events: inout NumberedEvents) -> [UInt8] {
        let start = events.event(
            "response.output_item.added",
            ["output_index": self.index, "item": self.value(status: "in_progress")]
        )
        guard self.isMessage else { return start }
        return start + events.event("response.content_part.added", self.located(["part": self.part]))
    }

    mutating func add(_ more: String, to events: inout NumberedEvents) -> [UInt8] {
        let isFirst = self.text.isEmpty
        self.text += more
        switch self.kind {
        case .message:
            return events.event("response.output_text.delta", self.located(["delta": .string(more), "logprobs": []]))
        case .call:
            return events.event("response.function_call_arguments.delta", self.located(["delta": .string(more)]))
        case .reasoning:
            let empty: JSONValue = ["type": "summary_text", "text": ""]
            let start =
                isFirst ? events.event("response.reasoning_summary_part.added", self.located(["part": empty])) : []
            return start
                + events.event("response.reasoning_summary_text.delta", self.located(["delta": .string(more)]))
        }
    }

    mutating func add(_ more: [TokenProbability], to events: inout NumberedEvents) -> [UInt8] {
        self.tokens += more
        return events.event(
            "response.output_text.delta",
            self.located(["delta": "", "logprobs": OpenAIFields.tokens(more)])
        )
    }

    func end(status: String, _ events: inout NumberedEvents) -> [UInt8] {
        var bytes: [UInt8] = []
        switch self.kind {
        case .message:
            bytes += events.event(
                "response.output_text.done",
                self.located(["text": .string(self.text), "logprobs": OpenAIFields.tokens(self.tokens)])
            )
            bytes += events.event("response.content_part.done", self.located(["part": self.part]))
        case .call(_, _, let name):
            bytes += events.event(
                "response.function_call_arguments.done",
                self.located(["name": .string(name), "arguments": .string(self.text)])
            )
        case .reasoning where self.text.isEmpty: break
        case .reasoning:
            bytes += events.event("response.reasoning_summary_text.done", self.located(["text": .string(self.text)]))
            bytes += events.event("response.reasoning_summary_part.done", self.located(["part": self.part]))
        }
        return bytes
            + events.event(
                "response.output_item.done",
                ["output_index": self.index, "item": self.value(status: status)]
            )
    }

    // MARK: Forms

    private var index: JSONValue { .integer(Int64(self.place)) }

    /// Says which item an event is of, and which of its parts.
    private func located(_ members: JSONObject) -> JSONObject {
        var value: JSONObject = ["item_id": .string(self.id), "output_index": self.index]
        switch self.kind {
        case .message: value["content_index"] = 0
        case .reasoning: value["summary_index"] = 0
        case .call: break
        }
        for (key, member) in members { value[key] = member }
        return value
    }

    private var part: JSONValue {
        guard self.isMessage else { return ["type": "summary_text", "text": .string(self.text)] }
        return [
            "type": "output_text", "text": .string(self.text), "annotations": [],
            "logprobs": OpenAIFields.tokens(self.tokens),
        ]
    }

    /// The item as it is so far.
    func value(status: String) -> JSONValue {
        switch self.kind {
        case .message:
            return [
                "id": .string(self.id), "type": "message", "status": .string(status), "role": "assistant",
                "content": status == "in_progress" ? [] : [self.part],
            ]
        case .reasoning:
            return [
                "id": .string(self.id), "type": "reasoning", "summary": self.text.isEmpty ? [] : [self.part],
                "encrypted_content": self.proof.map { .string($0) } ?? .null,
            ]
        case .call(_, let call, let name):
            return [
                "id": .string(self.id), "type": "function_call", "status": .string(status),
                "arguments": .string(self.text), "call_id": .string(call), "name": .string(name),
            ]
        }
    }
}
