import CherryCore
import Foundation

/// Writes answers of the Chat Completions API (API reference, "The chat completion chunk object").
struct OpenAIChatEncoder: AnswerEncoder {
    private let exchange: DoorExchange
    private let isStreamed: Bool
    /// Of every chunk, what comes before its delta and what follows its finish reason.
    private let (head, tail): ([UInt8], [UInt8])
    private var hasBegun = false
    private var usage: TokenUsage?
    private var isFinished = false
    /// Bytes of reasoning that no proof has concerned yet, and how many proofs there were.
    private var (unproven, proofs) = (0, 0)
    private var assembly = AnswerAssembly()

    let heartbeat = EventBytes.comment

    init(_ exchange: DoorExchange, isStreamed: Bool) {
        self.exchange = exchange
        self.isStreamed = isStreamed
        var chunk = Self.frame(exchange, "chat.completion.chunk").bytes
        chunk.removeLast()
        self.head = Array("data: ".utf8) + chunk
        self.tail = Array((exchange.includesUsage ? #","usage":null}"# : "}").utf8) + [0x0A, 0x0A]
    }

    mutating func receive(_ event: ChatEvent) -> [UInt8] {
        guard self.isStreamed else {
            self.assembly.receive(event)
            return []
        }
        let opening = self.hasBegun ? [] : self.chunk(["role": "assistant", "content": "", "refusal": .null])
        self.hasBegun = true
        return opening + self.written(event)
    }

    private mutating func written(_ event: ChatEvent) -> [UInt8] {
        switch event {
        case .started: return []
        case .text(let text): return self.chunk(["content": .string(text)])
        case .reasoning(let text):
            self.unproven += text.utf8.count
            return self.chunk(["reasoning_content": .string(text)])
        case .reasoningProof(let proof):
            defer { (self.unproven, self.proofs) = (0, self.proofs + 1) }
            return self.chunk(["reasoning_details": [Self.detail(proof, index: self.proofs, length: self.unproven)]])
        case .toolCall(let index, let id, let name):
            return self.chunk(call: [
                "index": .integer(Int64(index)), "id": .string(id), "type": "function",
                "function": ["name": .string(name), "arguments": ""],
            ])
        case .toolArguments(let index, let text):
            return self.chunk(call: ["index": .integer(Int64(index)), "function": ["arguments": .string(text)]])
        case .toolCallProof(let index, let signature):
            return self.chunk(call: [
                "index": .integer(Int64(index)), "function": ["arguments": ""],
                "extra_content": Self.extra(signature),
            ])
        case .logProbabilities(let tokens):
            return self.chunk(["content": ""], tokens: OpenAIFields.tokens(tokens))
        case .usage(let usage):
            self.usage = usage
            return []
        case .finished(let reason):
            self.isFinished = true
            return self.chunk([:], reason: Self.word(for: reason))
        }
    }

    mutating func finish() -> [UInt8] {
        guard self.isStreamed else { return [] }
        guard self.isFinished else { return self.fail(.cutOff) }
        var bytes: [UInt8] = []
        if self.exchange.includesUsage, let usage {
            var last = Self.frame(self.exchange, "chat.completion.chunk")
            last["choices"] = []
            last["usage"] = Self.usage(usage)
            bytes = EventBytes.event(last)
        }
        return bytes + Array("data: [DONE]\n\n".utf8)
    }

    mutating func fail(_ error: BridgeError) -> [UInt8] {
        self.isStreamed ? EventBytes.event("error", error.openAIBody) : []
    }

    func whole() -> JSONValue {
        let tokens = self.assembly.pieces.flatMap { piece -> [TokenProbability] in
            if case .text(_, let tokens) = piece { tokens } else { [] }
        }
        var answer = Self.frame(self.exchange, "chat.completion")
        answer["choices"] = [
            [
                "index": 0, "message": self.message(),
                "logprobs": tokens.isEmpty ? .null : ["content": OpenAIFields.tokens(tokens), "refusal": .null],
                "finish_reason": self.assembly.reason.map { .string(Self.word(for: $0)) } ?? .null,
            ]
        ]
        answer["usage"] = self.assembly.usage.map(Self.usage)
        return answer
    }

    // MARK: Forms

    private static func frame(_ exchange: DoorExchange, _ object: String) -> JSONValue {
        [
            "id": .string("chatcmpl-" + exchange.id), "object": .string(object),
            "created": .integer(Int64(exchange.created.timeIntervalSince1970)), "model": .string(exchange.model),
        ]
    }

    private func chunk(call: JSONValue) -> [UInt8] { self.chunk(["tool_calls": [call]]) }

    private func chunk(_ delta: JSONValue, tokens: JSONValue? = nil, reason: String? = nil) -> [UInt8] {
        var bytes = self.head
        bytes += #","choices":[{"index":0,"delta":"#.utf8
        delta.write(to: &bytes)
        bytes += #","logprobs":"#.utf8
        (tokens.map { ["content": $0, "refusal": .null] } ?? JSONValue.null).write(to: &bytes)
        bytes += #","finish_reason":"#.utf8
        (reason.map { .string($0) } ?? JSONValue.null).write(to: &bytes)
        bytes += "}]".utf8
        return bytes + self.tail
    }

    private func message() -> JSONValue {
        var (text, reasoning): (String?, String) = (nil, "")
        var (details, calls): ([JSONValue], [JSONValue]) = ([], [])
        var unproven = 0
        for piece in self.assembly.pieces {
            switch piece {
            case .text(let more, _): text = (text ?? "") + more
            case .reasoning(let part):
                reasoning += part.text
                unproven += part.text.utf8.count
                guard part.signature != nil || part.encrypted != nil || part.id != nil else { continue }
                details.append(Self.detail(part, index: details.count, length: unproven))
                unproven = 0
            case .call(let call):
                var value: JSONValue = [
                    "id": .string(call.id), "type": "function",
                    "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
                ]
                value["extra_content"] = call.signature.map(Self.extra)
                calls.append(value)
            }
        }
        var message: JSONValue = [
            "role": "assistant", "content": text.map { .string($0) } ?? (calls.isEmpty ? "" : .null), "refusal": .null,
        ]
        if !reasoning.isEmpty { message["reasoning_content"] = .string(reasoning) }
        if !details.isEmpty { message["reasoning_details"] = .array(details) }
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        return message
    }

    private static func detail(_ proof: Reasoning, index: Int, length: Int) -> JSONValue {
        var value: JSONValue = ["type": proof.encrypted == nil ? "reasoning.text" : "reasoning.encrypted"]
        value["id"] = proof.id.map { .string($0) }
        value["data"] = proof.encrypted.map { .string($0) }
        value["signature"] = proof.signature.map { .string($0) }
        value["index"] = .integer(Int64(index))
        value["length"] = .integer(Int64(length))
        return value
    }

    /// As Google's own OpenAI-compatible API carries it.
    static func extra(_ signature: String) -> JSONValue {
        ["google": ["thought_signature": .string(signature)]]
    }

    private static func usage(_ usage: TokenUsage) -> JSONValue {
        [
            "prompt_tokens": .integer(Int64(usage.prompt)), "completion_tokens": .integer(Int64(usage.completion)),
            "total_tokens": .integer(Int64(usage.total)),
            "prompt_tokens_details": [
                "cached_tokens": .integer(Int64(usage.cachedPrompt)),
                "cache_write_tokens": .integer(Int64(usage.cacheWrite)),
            ],
            "completion_tokens_details": ["reasoning_tokens": .integer(Int64(usage.reasoning))],
        ]
    }

    private static func word(for reason: FinishReason) -> String {
        switch reason {
        case .stop, .stopText: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .filtered: "content_filter"
        case .other(let name): name
        }
    }
}
