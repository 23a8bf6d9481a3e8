import CherryCore
import Foundation

/// Turns the events of a Converse answer into the product's, without a clock or a socket.
///
/// Reads streams and whole answers. Strict about the end: a stream without `messageStop` was cut off. Usage comes after
/// it, so that the answer is done when both have arrived.
struct BedrockTranslator: AnswerTranslator {
    /// A piece of content that has begun and not ended.
    private struct Block {
        var isCall = false
        var hasArguments = false
        var signature = ""
        var encrypted = Data()
    }

    private let errors: ProviderErrors
    private var calls = ToolCallAssembler()
    private var blocks: [Int: Block] = [:]
    private var usage: TokenUsage?
    private var reason: FinishReason?
    private(set) var hasBegun = false

    init(errors: ProviderErrors) { self.errors = errors }

    var isDone: Bool { self.reason != nil && self.usage != nil }

    mutating func receive(_ event: StreamedEvent) throws -> [ChatEvent] {
        guard !self.isDone else { return [] }
        guard let value = try? JSONValue(parsing: event.data), value.object != nil else {  // why does not matter
            throw BridgeError.garbled(by: "Amazon Bedrock")
        }
        let index = value["contentBlockIndex"]?.integer ?? 0
        switch event.name {
        case "messageStart": self.hasBegun = true
        case "contentBlockStart": return self.beginBlock(index, value["start"] ?? [:])
        case "contentBlockDelta": return self.extendBlock(index, value["delta"] ?? [:])
        case "contentBlockStop": return self.endBlock(index)
        case "messageStop": self.stop(value["stopReason"])
        case "metadata": self.count(value["usage"])
        case "message": return self.whole(value)
        case let name where name == "error" || name.hasSuffix("Exception"):
            throw self.errors.error(Self.detail(name, value))
        default: break
        }
        return []
    }

    mutating func finish() throws -> [ChatEvent] {
        guard let reason else { throw BridgeError.cutOff }
        // An answer that was cut short may have cut a call short.
        var events = reason == .length ? [] : self.blocks.keys.sorted().flatMap { self.endBlock($0) }
        self.blocks = [:]
        if let usage { events.append(.usage(usage)) }
        return events + [.finished(reason)]
    }

    // MARK: Content

    private mutating func beginBlock(_ index: Int, _ start: JSONValue) -> [ChatEvent] {
        self.hasBegun = true
        guard let call = start["toolUse"] else { return [] }
        let events = self.calls.receive(
            index: index,
            id: call["toolUseId"]?.string,
            name: call["name"]?.string,
            arguments: ""
        )
        // Nothing begins when the same beginning came before.
        if !events.isEmpty { self.blocks[index] = Block(isCall: true) }
        return events
    }

    private mutating func extendBlock(_ index: Int, _ delta: JSONValue) -> [ChatEvent] {
        self.hasBegun = true
        if let text = delta["text"]?.string { return text.isEmpty ? [] : [.text(text)] }
        if let text = delta["toolUse"]?["input"]?.string, !text.isEmpty {
            self.blocks[index]?.hasArguments = true
            return self.calls.receive(index: index, id: nil, name: nil, arguments: text)
        }
        guard let thought = delta["reasoningContent"] else { return [] }
        self.blocks[index, default: Block()].signature += thought["signature"]?.string ?? ""
        if let data = thought["redactedContent"]?.string.flatMap({ Data(base64Encoded: $0) }) {
            self.blocks[index]?.encrypted += data
        }
        guard let text = thought["text"]?.string, !text.isEmpty else { return [] }
        return [.reasoning(text)]
    }

    private mutating func endBlock(_ index: Int) -> [ChatEvent] {
        guard let block = self.blocks.removeValue(forKey: index) else { return [] }
        if block.isCall {
            return block.hasArguments ? [] : self.calls.receive(index: index, id: nil, name: nil, arguments: "{}")
        }
        if !block.encrypted.isEmpty {
            return [.reasoningProof(Reasoning(text: "", encrypted: block.encrypted.base64EncodedString()))]
        }
        return block.signature.isEmpty ? [] : [.reasoningProof(Reasoning(text: "", signature: block.signature))]
    }

    /// A whole answer has the same pieces in other places.
    private mutating func whole(_ answer: JSONValue) -> [ChatEvent] {
        guard let content = answer["output"]?["message"]?["content"]?.array else { return [] }
        self.hasBegun = true
        var events: [ChatEvent] = []
        for (index, block) in content.enumerated() {
            events += self.beginBlock(index, block)
            if let input = block["toolUse"]?["input"] {
                events += self.extendBlock(index, ["toolUse": ["input": .string(input.text)]])
            } else if let thought = block["reasoningContent"] {
                events += self.extendBlock(index, ["reasoningContent": thought["reasoningText"] ?? thought])
            } else if block["toolUse"] == nil {
                events += self.extendBlock(index, block)
            }
            events += self.endBlock(index)
        }
        self.stop(answer["stopReason"])
        self.count(answer["usage"])
        return events
    }

    // MARK: Usage, the end and errors

    /// What was read from or written to the cache is counted beside the input, not in it.
    private mutating func count(_ usage: JSONValue?) {
        guard let usage, let input = usage["inputTokens"]?.tokenCount else { return }
        let read = usage["cacheReadInputTokens"]?.tokenCount ?? 0
        let write = usage["cacheWriteInputTokens"]?.tokenCount ?? 0
        self.usage = TokenUsage(
            prompt: input + read + write,
            completion: usage["outputTokens"]?.tokenCount ?? 0,
            cachedPrompt: read,
            cacheWrite: write
        )
    }

    private mutating func stop(_ name: JSONValue?) {
        guard let name = name?.string else { return }
        self.hasBegun = true
        switch name {
        case "end_turn", "stop_sequence": self.reason = .stop
        case "max_tokens", "model_context_window_exceeded": self.reason = .length
        case "tool_use": self.reason = .toolCalls
        case "guardrail_intervened", "content_filtered": self.reason = .filtered
        default: self.reason = .other(name)
        }
    }

    /// An exception within a stream comes without its status; the API documents which status goes with which name.
    private static func detail(_ name: String, _ value: JSONValue) -> ProviderErrors.Detail {
        let code = value["code"]?.string ?? name
        let statuses = [
            "accessdeniedexception": 403, "resourcenotfoundexception": 404, "modeltimeoutexception": 408,
            "modelerrorexception": 424, "modelstreamerrorexception": 424, "throttlingexception": 429,
            "modelnotreadyexception": 429, "internalserverexception": 500, "internalfailure": 500,
            "serviceunavailableexception": 503,
        ]
        return ProviderErrors.Detail(
            message: value["message"]?.string ?? value["Message"]?.string,
            status: statuses[code.lowercased()],
            codes: [code]
        )
    }
}
