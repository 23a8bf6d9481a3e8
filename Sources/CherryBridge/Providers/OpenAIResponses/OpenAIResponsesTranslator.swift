import CherryCore

/// Turns the events of a Responses answer into the product's, without a clock or a socket.
///
/// Tolerant of servers that leave out what OpenAI sends: deltas without an end, an end without deltas, items that only
/// the last event has; the whole answer in one event. Events of other kinds are passed over. Strict about the end: a
/// stream without `response.completed`, `.incomplete` or `.failed` was cut off.
struct OpenAIResponsesTranslator: AnswerTranslator {
    /// What has arrived of an item.
    private struct Progress {
        var (hasText, hasArguments, isDone) = (false, false, false)
    }

    private let errors: ProviderErrors
    private var calls = ToolCallAssembler()
    /// By the item's place in the answer.
    private var progress: [Int: Progress] = [:]
    private var usage: TokenUsage?
    private var reason: FinishReason?
    private var isNamed = false
    private(set) var hasBegun = false

    var isDone: Bool { self.reason != nil }

    init(errors: ProviderErrors) { self.errors = errors }

    mutating func receive(_ event: StreamedEvent) throws -> [ChatEvent] {
        guard !self.isDone, event.data != "[DONE]" else { return [] }
        guard let value = try? JSONValue(parsing: event.data), value.object != nil else {  // why does not matter
            throw BridgeError.garbled(by: "an API of OpenAI's Responses kind")
        }
        guard let type = value["type"]?.string else { return try self.whole(value) }
        if type == "error" { throw self.errors.error(.init(value["error"] ?? value)) }
        self.hasBegun = self.hasBegun || type.hasPrefix("response.")
        self.count(value["response"])
        let place = value["output_index"]?.integer ?? 0
        switch type {
        case "response.created", "response.in_progress": return self.name(value["response"])
        case "response.output_text.delta", "response.refusal.delta":
            return self.text(at: place, value["delta"], value["logprobs"])
        case "response.reasoning_summary_part.added" where value["summary_index"]?.integer ?? 0 > 0:
            return [.reasoning(Self.paragraph)]
        case "response.reasoning_summary_text.delta", "response.reasoning_text.delta":
            guard let text = value["delta"]?.string, !text.isEmpty else { return [] }
            self.progress[place, default: Progress()].hasText = true
            return [.reasoning(text)]
        case "response.output_item.added": return self.begin(value["item"], at: place)
        case "response.function_call_arguments.delta": return self.arguments(value["delta"], at: place)
        case "response.function_call_arguments.done":
            return self.progress[place]?.hasArguments == true ? [] : self.arguments(value["arguments"], at: place)
        case "response.output_item.done": return self.end(value["item"], at: place)
        case "response.completed", "response.incomplete", "response.failed":
            return try self.last(value["response"] ?? [:])
        default: return []
        }
    }

    mutating func finish() throws -> [ChatEvent] {
        guard let reason else { throw BridgeError.cutOff }
        return (self.usage.map { [.usage($0)] } ?? []) + [.finished(reason)]
    }

    // MARK: The response

    /// An answer that is not streamed is the response itself; an error has no type either.
    private mutating func whole(_ value: JSONValue) throws -> [ChatEvent] {
        guard value["object"] == "response" || value["output"] != nil else {
            if let error = value["error"], !error.isNull { throw self.errors.error(.init(error)) }
            return []
        }
        return try self.last(value)
    }

    private mutating func name(_ response: JSONValue?) -> [ChatEvent] {
        guard !self.isNamed else { return [] }
        let (id, model) = (response?["id"]?.string, response?["model"]?.string)
        guard id != nil || model != nil else { return [] }
        self.isNamed = true
        return [.started(id: id, model: model)]
    }

    private mutating func last(_ response: JSONValue) throws -> [ChatEvent] {
        if let error = response["error"], !error.isNull { throw self.errors.error(.init(error)) }
        self.hasBegun = true
        var events = self.progress.isEmpty ? self.name(response) : []
        for (place, item) in (response["output"]?.array ?? []).enumerated() { events += self.end(item, at: place) }
        self.count(response)
        self.reason = self.reason(of: response)
        return events
    }

    /// Any event may carry the response with its count; the last one holds.
    private mutating func count(_ response: JSONValue?) {
        guard let usage = response?["usage"], let prompt = usage["input_tokens"]?.tokenCount else { return }
        self.usage = TokenUsage(
            prompt: prompt,
            completion: usage["output_tokens"]?.tokenCount ?? 0,
            cachedPrompt: usage["input_tokens_details"]?["cached_tokens"]?.tokenCount ?? 0,
            cacheWrite: usage["input_tokens_details"]?["cache_write_tokens"]?.tokenCount ?? 0,
            reasoning: usage["output_tokens_details"]?["reasoning_tokens"]?.tokenCount ?? 0
        )
    }

    private func reason(of response: JSONValue) -> FinishReason {
        switch response["status"]?.string ?? "completed" {
        case "completed": return self.calls.count > 0 ? .toolCalls : .stop
        case "incomplete":
            switch response["incomplete_details"]?["reason"]?.string ?? "incomplete" {
            case "max_output_tokens": return .length
            case "content_filter": return .filtered
            case let other: return .other(other)
            }
        case let other: return .other(other)
        }
    }

    // MARK: Items

    private mutating func begin(_ item: JSONValue?, at place: Int) -> [ChatEvent] {
        guard let item, item["type"] == "function_call" else { return [] }
        let events = self.calls.receive(
            index: place,
            id: item["call_id"]?.string ?? item["id"]?.string,
            name: item["name"]?.string,
            arguments: ""
        )
        return events + (item["arguments"].map { self.arguments($0, at: place) } ?? [])
    }

    private mutating func arguments(_ value: JSONValue?, at place: Int) -> [ChatEvent] {
        guard let text = value?.string, !text.isEmpty else { return [] }
        self.progress[place, default: Progress()].hasArguments = true
        return self.calls.receive(index: place, id: nil, name: nil, arguments: text)
    }

    private mutating func text(at place: Int, _ text: JSONValue?, _ tokens: JSONValue?) -> [ChatEvent] {
        var events: [ChatEvent] = []
        if let text = text?.string, !text.isEmpty {
            self.progress[place, default: Progress()].hasText = true
            events.append(.text(text))
        }
        let tokens = (tokens?.array ?? []).compactMap(OpenAIChatTranslator.probability)
        return tokens.isEmpty ? events : events + [.logProbabilities(tokens)]
    }

    /// The end of an item, with whatever of it has not arrived yet.
    private mutating func end(_ item: JSONValue?, at place: Int) -> [ChatEvent] {
        let progress = self.progress[place] ?? Progress()
        guard let item, !progress.isDone else { return [] }
        var events: [ChatEvent] = []
        switch item["type"]?.string {
        case "message":
            for part in progress.hasText ? [] : item["content"]?.array ?? [] {
                events += self.text(at: place, part["text"] ?? part["refusal"], part["logprobs"])
            }
        case "function_call": events = progress.hasArguments ? [] : self.begin(item, at: place)
        case "reasoning":
            if !progress.hasText {
                let summary = item["summary"]?.array ?? []
                let text = (summary.isEmpty ? item["content"]?.array ?? [] : summary).compactMap { $0["text"]?.string }
                    .joined(separator: Self.paragraph)
                if !text.isEmpty { events.append(.reasoning(text)) }
            }
            if let encrypted = item["encrypted_content"]?.string {
                let proof = Reasoning(text: "", encrypted: encrypted, id: item["id"]?.string)
                events.append(.reasoningProof(proof))
            }
        default: break
        }
        self.progress[place, default: Progress()].isDone = true
        return events
    }

    /// Between the parts of a summary.
    private static let paragraph = "\n\n"
}
