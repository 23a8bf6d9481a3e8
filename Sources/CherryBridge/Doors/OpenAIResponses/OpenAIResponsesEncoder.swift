import CherryCore
import Foundation

/// Writes answers of the Responses API (API reference, "Streaming events").
struct OpenAIResponsesEncoder: AnswerEncoder {
    private let exchange: DoorExchange
    private let request: ChatRequest
    private var events: NumberedEvents
    private var sequencer = CallSequencer()
    private var hasBegun = false
    /// The item that is being told, and those that are over.
    private var item: OpenAIResponsesItem?
    private var output: [JSONValue] = []
    /// The calls' ids, by their number.
    private var calls: [Int: String] = [:]
    private var usage: TokenUsage?
    private var reason: FinishReason?

    let heartbeat = EventBytes.comment

    init(_ exchange: DoorExchange, for request: ChatRequest) {
        self.exchange = exchange
        self.request = request
        self.events = NumberedEvents(areWritten: request.isStreamed)
    }

    mutating func receive(_ event: ChatEvent) -> [UInt8] {
        var bytes = self.opening()
        for event in self.sequencer.receive(event) { bytes += self.written(event) }
        return bytes
    }

    private mutating func opening() -> [UInt8] {
        guard !self.hasBegun else { return [] }
        self.hasBegun = true
        guard self.request.isStreamed else { return [] }
        let response = self.response(status: "in_progress")
        return self.events.event("response.created", ["response": response])
            + self.events.event("response.in_progress", ["response": response])
    }

    private mutating func written(_ event: ChatEvent) -> [UInt8] {
        switch event {
        case .started: return []
        case .text(let text): return self.begin(.message) + self.change { $0.add(text, to: &$1) }
        case .logProbabilities(let tokens):
            guard self.item?.isMessage == true else { return [] }
            return self.change { $0.add(tokens, to: &$1) }
        case .reasoning(let text): return self.begin(.reasoning) + self.change { $0.add(text, to: &$1) }
        case .reasoningProof(let proof):
            let beginning = self.begin(.reasoning)
            self.item?.proof = ProofText.text(for: proof, plain: nil)
            return beginning + self.end()
        case .toolCall(let index, let id, let name):
            self.calls[index] = id
            return self.end() + self.begin(.call(index: index, id: id, name: name))
        case .toolArguments(_, let text): return self.change { $0.add(text, to: &$1) }
        case .toolCallProof(let index, let signature):
            let proof = ProofText.text(for: .init(callID: self.calls[index] ?? "", signature: signature))
            if self.item?.isCall(index) == true {
                self.item?.proof = proof
                return []
            }
            return self.end() + self.proofItem(proof)
        case .usage(let usage):
            self.usage = usage
            return []
        case .finished(let reason):
            let bytes = self.end(status: Self.cause(of: reason) == nil ? "completed" : "incomplete")
            self.reason = reason
            return bytes
        }
    }

    mutating func passedOn(events: Int) {
        guard events > 0 else { return }
        self.hasBegun = true
        self.events.skip(events)
    }

    mutating func finish() -> [UInt8] {
        guard let reason else { return self.fail(.cutOff) }
        guard self.request.isStreamed else { return [] }
        let response = self.whole()
        let isCut = Self.cause(of: reason) != nil
        return self.events.event(isCut ? "response.incomplete" : "response.completed", ["response": response])
    }

    mutating func fail(_ error: BridgeError) -> [UInt8] {
        var bytes = self.opening()
        for event in self.sequencer.breakOff() { bytes += self.written(event) }
        if let item = self.item { self.output.append(item.value(status: "incomplete")) }
        self.item = nil
        var response = self.response(status: "failed")
        let form = error.openAI
        response["error"] = [
            "code": .string(form.status < 500 ? form.code : "server_error"), "message": .string(error.words),
        ]
        bytes += self.events.event("response.failed", ["response": response])
        return bytes
    }

    func whole() -> JSONValue {
        guard let reason, let cause = Self.cause(of: reason) else { return self.response(status: "completed") }
        var response = self.response(status: "incomplete")
        response["incomplete_details"] = ["reason": .string(cause)]
        return response
    }

    // MARK: Items

    /// Begins an item of this kind, unless one is being told; a call is always a new one.
    private mutating func begin(_ kind: OpenAIResponsesItem.Kind) -> [UInt8] {
        if let item = self.item, item.continues(kind) { return [] }
        let ending = self.end()
        let item = OpenAIResponsesItem(kind, place: self.output.count, of: self.exchange.id)
        let beginning = item.begin(&self.events)
        self.item = item
        return ending + beginning
    }

    private mutating func change(_ body: (inout OpenAIResponsesItem, inout NumberedEvents) -> [UInt8]) -> [UInt8] {
        guard self.item != nil else { return [] }
        return body(&self.item!, &self.events)
    }

    private mutating func end(status: String = "completed") -> [UInt8] {
        guard let item else { return [] }
        self.item = nil
        self.output.append(item.value(status: status))
        let ending = item.end(status: status, &self.events)
        guard let proof = item.proof, item.isCall else { return ending }
        return ending + self.proofItem(proof)
    }

    /// An item without words.
    private mutating func proofItem(_ proof: String) -> [UInt8] {
        let beginning = self.begin(.reasoning)
        self.item?.proof = proof
        return beginning + self.end()
    }

    // MARK: The response

    private func response(status: String) -> JSONValue {
        var reasoning: JSONValue = ["effort": .null, "summary": .null]
        if let effort = self.request.reasoning.flatMap(OpenAIResponsesForm.effort) {
            reasoning["effort"] = .string(effort)
        }
        return [
            "id": .string("resp_" + self.exchange.id), "object": "response",
            "created_at": .integer(Int64(self.exchange.created.timeIntervalSince1970)), "status": .string(status),
            "background": false, "error": .null, "incomplete_details": .null, "instructions": .null,
            "max_output_tokens": self.request.maxTokens.map { .integer(Int64($0)) } ?? .null,
            "model": .string(self.exchange.model), "output": .array(self.output),
            "parallel_tool_calls": .bool(self.request.allowsParallelCalls ?? true), "previous_response_id": .null,
            "reasoning": reasoning, "store": false,
            "temperature": self.request.temperature.map { .number($0) } ?? .null,
            "text": ["format": OpenAIResponsesForm.format(self.request.format)],
            "tool_choice": OpenAIResponsesForm.choice(self.request.toolChoice ?? .auto),
            "tools": .array(self.request.tools.map(OpenAIResponsesForm.tool)),
            "top_p": self.request.topP.map { .number($0) } ?? .null, "truncation": "disabled",
            "usage": self.usage.map(Self.usage) ?? .null, "metadata": self.exchange.metadata ?? [:],
        ]
    }

    private static func usage(_ usage: TokenUsage) -> JSONValue {
        [
            "input_tokens": .integer(Int64(usage.prompt)),
            "input_tokens_details": [
                "cached_tokens": .integer(Int64(usage.cachedPrompt)),
                "cache_write_tokens": .integer(Int64(usage.cacheWrite)),
            ],
            "output_tokens": .integer(Int64(usage.completion)),
            "output_tokens_details": ["reasoning_tokens": .integer(Int64(usage.reasoning))],
            "total_tokens": .integer(Int64(usage.total)),
        ]
    }

    /// Why an answer is not whole; `nil` when it is.
    private static func cause(of reason: FinishReason) -> String? {
        switch reason {
        case .stop, .stopText, .toolCalls: nil
        case .length: "max_output_tokens"
        case .filtered: "content_filter"
        case .other(let name): name
        }
    }
}
