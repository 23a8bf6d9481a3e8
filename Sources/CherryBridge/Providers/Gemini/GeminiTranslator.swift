import CherryCore

/// Turns the events of a `generateContent` answer into the product's, without a clock or a socket.
///
/// Reads streams, whole answers and streams in one array. Usage comes with every event, and the last holds. Strict about
/// the end: a stream without any `finishReason` was cut off, unless the prompt was refused, which ends it at once.
struct GeminiTranslator: AnswerTranslator {
    private let errors: ProviderErrors
    private var id: String?
    private var isNamed = false
    private var callCount = 0
    private var usage: TokenUsage?
    private var reason: FinishReason?
    private(set) var hasBegun = false
    /// Nothing says that no more comes but the end of the bytes.
    let isDone = false

    init(errors: ProviderErrors) { self.errors = errors }

    mutating func receive(_ event: StreamedEvent) throws -> [ChatEvent] {
        guard let value = try? JSONValue(parsing: event.data), value.object != nil || value.array != nil else {
            throw BridgeError.garbled(by: "Google's Gemini API")  // why does not matter
        }
        return try (value.array ?? [value]).flatMap { try self.read($0) }
    }

    mutating func finish() throws -> [ChatEvent] {
        guard let reason else { throw BridgeError.cutOff }
        return (self.usage.map { [.usage($0)] } ?? [])
            + [.finished(self.callCount > 0 && reason == .stop ? .toolCalls : reason)]
    }

    private mutating func read(_ chunk: JSONValue) throws -> [ChatEvent] {
        if let error = chunk["error"], !error.isNull { throw self.errors.error(.init(error)) }
        let candidates = chunk["candidates"]?.array
        let block = chunk["promptFeedback"]?["blockReason"]?.string
        guard candidates != nil || block != nil || chunk["usageMetadata"] != nil else { return [] }
        self.hasBegun = true
        var events: [ChatEvent] = []
        if !self.isNamed {
            self.isNamed = true
            self.id = chunk["responseId"]?.string
            let model = chunk["modelVersion"]?.string
            if self.id != nil || model != nil { events.append(.started(id: self.id, model: model)) }
        }
        if let usage = chunk["usageMetadata"] { self.count(usage) }
        if block != nil { self.reason = .filtered }
        for candidate in candidates ?? [] where candidate["index"]?.integer ?? 0 == 0 {
            for part in candidate["content"]?["parts"]?.array ?? [] { events += try self.read(part: part) }
            let probabilities = Self.probabilities(candidate["logprobsResult"])
            if !probabilities.isEmpty { events.append(.logProbabilities(probabilities)) }
            if let reason = candidate["finishReason"]?.string, !reason.isEmpty { self.reason = Self.reason(reason) }
        }
        return events
    }

    // MARK: Content

    private mutating func read(part: JSONValue) throws -> [ChatEvent] {
        let signature = part["thoughtSignature"]?.string
        if let call = part["functionCall"], let name = call["name"]?.string { return self.begin(call, name, signature) }
        if part["inlineData"] != nil || part["fileData"] != nil {
            throw BridgeError(
                .unsupported,
                message: "The model answered with something else than text.",
                hint: "Choose a model that answers in text."
            )
        }
        var events: [ChatEvent] = []
        if let signature, !signature.isEmpty {
            events.append(.reasoningProof(Reasoning(text: "", signature: signature)))
        }
        if let text = part["text"]?.string, !text.isEmpty {
            // A text's signature belongs to the thought before it, a thought's own to itself.
            if part["thought"]?.bool == true { return [.reasoning(text)] + events }
            events.append(.text(text))
        }
        return events
    }

    /// Calls come whole. One without an id gets one that no other answer's calls have.
    private mutating func begin(_ call: JSONValue, _ name: String, _ signature: String?) -> [ChatEvent] {
        let index = self.callCount
        self.callCount += 1
        let id = call["id"]?.string ?? ["call", self.id, String(index)].compactMap { $0 }.joined(separator: "_")
        var events: [ChatEvent] = [
            .toolCall(index: index, id: id, name: name), .toolArguments(index: index, (call["args"] ?? [:]).text),
        ]
        if let signature, !signature.isEmpty {
            events.append(.toolCallProof(index: index, signature: signature))
        }
        return events
    }

    /// The alternatives of each place stand in a list beside that of the chosen ones.
    private static func probabilities(_ result: JSONValue?) -> [TokenProbability] {
        let top = result?["topCandidates"]?.array ?? []
        return (result?["chosenCandidates"]?.array ?? []).enumerated().compactMap { place, token in
            guard let chosen = self.alternative(token) else { return nil }
            let others = place < top.count ? top[place]["candidates"]?.array ?? [] : []
            return TokenProbability(chosen: chosen, top: others.compactMap(self.alternative))
        }
    }

    private static func alternative(_ token: JSONValue) -> TokenProbability.Alternative? {
        guard let text = token["token"]?.string, let probability = token["logProbability"]?.number else { return nil }
        return .init(token: text, logProbability: probability)
    }

    // MARK: Usage and the end

    private mutating func count(_ usage: JSONValue) {
        guard usage["promptTokenCount"] != nil || usage["candidatesTokenCount"] != nil else { return }
        func tokens(_ key: String) -> Int { usage[key]?.tokenCount ?? 0 }
        self.usage = TokenUsage(
            prompt: tokens("promptTokenCount") + tokens("toolUsePromptTokenCount"),
            completion: tokens("candidatesTokenCount") + tokens("thoughtsTokenCount"),
            cachedPrompt: tokens("cachedContentTokenCount"),
            reasoning: tokens("thoughtsTokenCount")
        )
    }

    private static func reason(_ name: String) -> FinishReason {
        switch name {
        case "STOP": .stop
        case "MAX_TOKENS": .length
        case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR", "ESCALATION":
            .filtered
        default: .other(name)
        }
    }
}
