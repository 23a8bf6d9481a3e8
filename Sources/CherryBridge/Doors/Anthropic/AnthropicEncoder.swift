import CherryCore

/// Writes answers of the Messages API (API reference, "Streaming Messages").
struct AnthropicEncoder: AnswerEncoder {
    private enum Block { case text, thinking, call }

    private let exchange: DoorExchange
    private let isStreamed: Bool
    private var sequencer = CallSequencer()
    private var assembly = AnswerAssembly()
    private var hasBegun = false
    private var isFinished = false
    /// The block that is being told; its number is one less than `blocks`.
    private var block: Block?
    private var blocks = 0
    /// The calls' ids, by their number.
    private var calls: [Int: String] = [:]
    /// The call that is being told, and its proof, which follows it.
    private var (call, callProof): (Int?, String?) = (nil, nil)
    private var usage: TokenUsage?
    private var estimate: TokenUsage?

    init(_ exchange: DoorExchange, isStreamed: Bool) {
        self.exchange = exchange
        self.isStreamed = isStreamed
    }

    var heartbeat: [UInt8] { self.hasBegun ? EventBytes.event("ping", ["type": "ping"]) : EventBytes.comment }

    mutating func receive(_ event: ChatEvent) -> [UInt8] {
        guard self.isStreamed else {
            self.assembly.receive(event)
            return []
        }
        var bytes = self.opening()
        for event in self.sequencer.receive(event) { bytes += self.written(event) }
        return bytes
    }

    private mutating func opening() -> [UInt8] {
        guard !self.hasBegun else { return [] }
        self.hasBegun = true
        let message = self.message(
            content: [],
            stop: (.null, .null),
            usage: Self.usage(.init(prompt: 0, completion: 0))
        )
        return EventBytes.event("message_start", ["type": "message_start", "message": message])
    }

    private mutating func written(_ event: ChatEvent) -> [UInt8] {
        switch event {
        case .started, .logProbabilities: return []  // no request of this API can ask for probabilities
        case .text(let text):
            return self.begin(.text, ["type": "text", "text": ""])
                + self.delta(["type": "text_delta", "text": .string(text)])
        case .reasoning(let text):
            return self.begin(.thinking, ["type": "thinking", "thinking": "", "signature": ""])
                + self.delta(["type": "thinking_delta", "thinking": .string(text)])
        case .reasoningProof(let proof): return self.written(proof)
        case .toolCall(let index, let id, let name):
            self.calls[index] = id
            let ending = self.end()
            self.call = index
            return ending
                + self.begin(.call, ["type": "tool_use", "id": .string(id), "name": .string(name), "input": [:]])
        case .toolArguments(_, let text):
            return self.delta(["type": "input_json_delta", "partial_json": .string(text)])
        case .toolCallProof(let index, let signature):
            let proof = ProofText.text(for: .init(callID: self.calls[index] ?? "", signature: signature))
            guard self.call == index else { return self.end() + self.redacted(proof) }
            self.callProof = proof
            return []
        case .usage(let usage):
            self.usage = usage
            return []
        case .finished(let reason):
            self.isFinished = true
            let (word, text) = Self.stop(reason)
            let delta: JSONValue = [
                "type": "message_delta", "delta": ["stop_reason": word, "stop_sequence": text],
                "usage": self.counts(self.usage),
            ]
            return self.end() + EventBytes.event("message_delta", delta)
        }
    }

    private mutating func written(_ proof: Reasoning) -> [UInt8] {
        if self.block == .thinking {
            guard let signature = ProofText.text(for: proof, plain: \.signature) else { return [] }
            return self.delta(["type": "signature_delta", "signature": .string(signature)]) + self.end()
        }
        return self.end() + (ProofText.text(for: proof, plain: \.encrypted).map { self.redacted($0) } ?? [])
    }

    mutating func estimate(_ usage: TokenUsage) { self.estimate = usage }

    mutating func finish() -> [UInt8] {
        guard self.isStreamed else { return [] }
        guard self.isFinished else { return self.fail(.cutOff) }
        return EventBytes.event("message_stop", ["type": "message_stop"])
    }

    mutating func fail(_ error: BridgeError) -> [UInt8] {
        guard self.isStreamed else { return [] }
        let rest = self.sequencer.breakOff().flatMap { self.written($0) }
        return rest + EventBytes.event("error", error.anthropicBody(id: self.exchange.id))
    }

    func whole() -> JSONValue {
        var content: [JSONValue] = []
        for piece in self.assembly.pieces {
            switch piece {
            case .text(let text, _): content.append(["type": "text", "text": .string(text)])
            case .reasoning(let reasoning) where reasoning.text.isEmpty:
                guard let data = ProofText.text(for: reasoning, plain: \.encrypted) else { continue }
                content.append(["type": "redacted_thinking", "data": .string(data)])
            case .reasoning(let reasoning):
                let signature = ProofText.text(for: reasoning, plain: \.signature)
                content.append([
                    "type": "thinking", "thinking": .string(reasoning.text), "signature": .string(signature ?? ""),
                ])
            case .call(let call):
                content.append([
                    "type": "tool_use", "id": .string(call.id), "name": .string(call.name),
                    "input": Self.input(call.arguments),
                ])
                if let signature = call.signature {
                    let proof = ProofText.text(for: .init(callID: call.id, signature: signature))
                    content.append(["type": "redacted_thinking", "data": .string(proof)])
                }
            }
        }
        return self.message(
            content: .array(content),
            stop: self.assembly.reason.map(Self.stop) ?? (.null, .null),
            usage: self.counts(self.assembly.usage)
        )
    }

    // MARK: Blocks

    private mutating func begin(_ block: Block, _ content: JSONValue) -> [UInt8] {
        guard self.block != block || block == .call else { return [] }
        let ending = self.end()
        self.block = block
        self.blocks += 1
        let start: JSONValue = [
            "type": "content_block_start", "index": .integer(Int64(self.blocks - 1)), "content_block": content,
        ]
        return ending + EventBytes.event("content_block_start", start)
    }

    private func delta(_ delta: JSONValue) -> [UInt8] {
        let value: JSONValue = [
            "type": "content_block_delta", "index": .integer(Int64(self.blocks - 1)), "delta": delta,
        ]
        return EventBytes.event("content_block_delta", value)
    }

    private mutating func end() -> [UInt8] {
        guard self.block != nil else { return [] }
        let proof = self.callProof
        (self.block, self.call, self.callProof) = (nil, nil, nil)
        let stop: JSONValue = ["type": "content_block_stop", "index": .integer(Int64(self.blocks - 1))]
        return EventBytes.event("content_block_stop", stop) + (proof.map { self.redacted($0) } ?? [])
    }

    /// A block without pieces.
    private mutating func redacted(_ data: String) -> [UInt8] {
        self.begin(.thinking, ["type": "redacted_thinking", "data": .string(data)]) + self.end()
    }

    // MARK: Forms

    private func message(
        content: JSONValue,
        stop: (word: JSONValue, text: JSONValue),
        usage: JSONValue
    ) -> JSONValue {
        [
            "id": .string("msg_" + self.exchange.id), "type": "message", "role": "assistant",
            "model": .string(self.exchange.model), "content": content, "stop_reason": stop.word,
            "stop_sequence": stop.text, "usage": usage,
        ]
    }

    private func counts(_ usage: TokenUsage?) -> JSONValue {
        if let usage { return Self.usage(usage) }
        var value = Self.usage(self.estimate ?? TokenUsage(prompt: 0, completion: 0))
        // A field of our own: the API knows none for this.
        value["estimated"] = true
        return value
    }

    /// Here tokens of the cache are not part of those that were read.
    private static func usage(_ usage: TokenUsage) -> JSONValue {
        var value: JSONValue = [
            "input_tokens": .integer(Int64(usage.uncachedPrompt)),
            "cache_creation_input_tokens": .integer(Int64(usage.cacheWrite)),
            "cache_read_input_tokens": .integer(Int64(usage.cachedPrompt)),
            "output_tokens": .integer(Int64(usage.completion)),
        ]
        if usage.reasoning > 0 {
            value["output_tokens_details"] = ["thinking_tokens": .integer(Int64(usage.reasoning))]
        }
        return value
    }

    private static func stop(_ reason: FinishReason) -> (word: JSONValue, text: JSONValue) {
        switch reason {
        case .stop: ("end_turn", .null)
        case .stopText(let text): ("stop_sequence", .string(text))
        case .length: ("max_tokens", .null)
        case .toolCalls: ("tool_use", .null)
        case .filtered: ("refusal", .null)
        case .other(let name): (.string(name), .null)
        }
    }

    /// Arguments that are no JSON stay the text that the model wrote.
    private static func input(_ arguments: String) -> JSONValue {
        guard !arguments.isEmpty else { return [:] }
        return (try? JSONValue(parsing: arguments)) ?? .string(arguments)
    }
}
