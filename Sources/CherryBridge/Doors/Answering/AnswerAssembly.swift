import CherryCore

/// An answer put together from its events, for APIs that tell it whole.
struct AnswerAssembly: Sendable {
    /// One piece of an answer, in order of their beginning.
    enum Piece: Sendable, Hashable {
        case text(String, [TokenProbability])
        case reasoning(Reasoning)
        case call(ToolCall)
    }

    private(set) var pieces: [Piece] = []
    private(set) var usage: TokenUsage?
    private(set) var reason: FinishReason?
    /// Where each call stands in `pieces`.
    private var calls: [Int: Int] = [:]
    private var openReasoning: Int?

    mutating func receive(_ event: ChatEvent) {
        switch event {
        case .started: break
        case .text(let text):
            if case .text(var whole, let tokens)? = self.pieces.last {
                self.pieces[self.pieces.count - 1] = .text("", [])  // keeps the text from being copied
                whole += text
                self.pieces[self.pieces.count - 1] = .text(whole, tokens)
            } else {
                self.pieces.append(.text(text, []))
            }
        case .logProbabilities(let more):
            guard
                let place = self.pieces.lastIndex(where: { if case .text = $0 { true } else { false } }),
                case .text(let text, var tokens) = self.pieces[place]
            else { return }
            self.pieces[place] = .text(text, [])
            tokens += more
            self.pieces[place] = .text(text, tokens)
        case .reasoning(let text):
            if let place = self.openReasoning, place == self.pieces.count - 1,
                case .reasoning(var reasoning) = self.pieces[place]
            {
                self.pieces[place] = .reasoning(Reasoning(text: ""))
                reasoning.text += text
                self.pieces[place] = .reasoning(reasoning)
            } else {
                self.openReasoning = self.pieces.count
                self.pieces.append(.reasoning(Reasoning(text: text)))
            }
        case .reasoningProof(var proof):
            if let place = self.openReasoning, case .reasoning(let reasoning) = self.pieces[place] {
                proof.text = reasoning.text
                self.pieces[place] = .reasoning(proof)
            } else {
                self.pieces.append(.reasoning(proof))
            }
            self.openReasoning = nil
        case .toolCall(let index, let id, let name):
            self.calls[index] = self.pieces.count
            self.pieces.append(.call(ToolCall(id: id, name: name, arguments: "")))
        case .toolArguments(let index, let text):
            self.change(index) { $0.arguments += text }
        case .toolCallProof(let index, let signature):
            self.change(index) { $0.signature = signature }
        case .usage(let usage): self.usage = usage
        case .finished(let reason): self.reason = reason
        }
    }

    private mutating func change(_ index: Int, _ body: (inout ToolCall) -> Void) {
        guard let place = self.calls[index], case .call(var call) = self.pieces[place] else { return }
        self.pieces[place] = .reasoning(Reasoning(text: ""))  // keeps the arguments from being copied
        body(&call)
        self.pieces[place] = .call(call)
    }
}
