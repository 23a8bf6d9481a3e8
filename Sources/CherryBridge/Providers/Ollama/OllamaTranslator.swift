import CherryCore

/// Turns the lines of a chat answer into the product's events, without a clock or a socket.
///
/// A whole answer is a single line that is also the last. Strict about the end: lines without one that is `done` were cut
/// off.
struct OllamaTranslator: AnswerTranslator {
    private let errors: ProviderErrors
    private var isNamed = false
    private var callCount = 0
    private var usage: TokenUsage?
    private var reason: FinishReason?
    private(set) var hasBegun = false

    init(errors: ProviderErrors) { self.errors = errors }

    var isDone: Bool { self.reason != nil }

    mutating func receive(_ event: StreamedEvent) throws -> [ChatEvent] {
        guard !self.isDone else { return [] }
        guard let line = try? JSONValue(parsing: event.data), line.object != nil else {  // why does not matter
            throw BridgeError.garbled(by: "Ollama")
        }
        if let error = line["error"], !error.isNull {
            // It has no code, and what fails after the answer has begun is the server.
            throw self.errors.error(.init(message: error.string, status: 500))
        }
        let message = line["message"]
        guard message != nil || line["done"]?.bool == true else { return [] }
        self.hasBegun = true
        var events: [ChatEvent] = []
        if !self.isNamed {
            self.isNamed = true
            if let model = line["model"]?.string { events.append(.started(id: nil, model: model)) }
        }
        if let text = message?["thinking"]?.string, !text.isEmpty { events.append(.reasoning(text)) }
        if let text = message?["content"]?.string, !text.isEmpty { events.append(.text(text)) }
        for call in message?["tool_calls"]?.array ?? [] { events += self.begin(call, at: line["created_at"]?.string) }
        let probabilities = (line["logprobs"]?.array ?? []).compactMap(OpenAIChatTranslator.probability)
        if !probabilities.isEmpty { events.append(.logProbabilities(probabilities)) }
        self.count(line)
        if line["done"]?.bool == true { self.stop(line) }
        return events
    }

    mutating func finish() throws -> [ChatEvent] {
        guard let reason else { throw BridgeError.cutOff }
        return (self.usage.map { [.usage($0)] } ?? [])
            + [.finished(self.callCount > 0 && reason == .stop ? .toolCalls : reason)]
    }

    /// Calls come whole. One without an id, as older servers send them, gets one that no other answer's calls have.
    private mutating func begin(_ call: JSONValue, at time: String?) -> [ChatEvent] {
        guard let function = call["function"], let name = function["name"]?.string else { return [] }
        let index = self.callCount
        self.callCount += 1
        let moment = time.map { String($0.filter { $0.isASCII && $0.isNumber }) }
        let given = call["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let id = given ?? ["call", moment, String(index)].compactMap { $0 }.joined(separator: "_")
        let arguments = function["arguments"]
        return [
            .toolCall(index: index, id: id, name: name),
            .toolArguments(index: index, arguments?.string ?? (arguments ?? [:]).text),
        ]
    }

    /// A count that is left out is 0: a prompt that was read before is not read again. The last ones hold.
    private mutating func count(_ line: JSONValue) {
        let (prompt, completion) = (line["prompt_eval_count"]?.tokenCount, line["eval_count"]?.tokenCount)
        guard prompt != nil || completion != nil else { return }
        self.usage = TokenUsage(prompt: prompt ?? 0, completion: completion ?? 0)
    }

    private mutating func stop(_ line: JSONValue) {
        switch line["done_reason"]?.string {
        case nil, "stop": self.reason = .stop
        case "length": self.reason = .length
        case .some(let name): self.reason = .other(name)
        }
    }
}
