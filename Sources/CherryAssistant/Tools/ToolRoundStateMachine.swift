import CherryBridge
import CherryCore

/// The rounds of one reply in which a model calls tools, without a clock or I/O: events in, actions out.
///
/// A round is one answer of the model with the calls in it. States: answering → deciding and running (while any call is
/// not at its end) → answering again, or ended; from any of them → ended, when the reply is stopped.
///
/// Once words of others have come into the turn, a tool that may change something is asked for whatever its permission
/// says: those words may be instructions that the user never gave.
struct ToolRoundStateMachine: Sendable {
    /// Bounds of one reply.
    struct Limits: Sendable {
        /// Answers that may call tools; calls of the one after them are refused, and it is the last.
        var rounds = 8
        /// Calls in all rounds together.
        var calls = 32
        /// Bytes of a result that the model reads.
        var result = 32 * 1024
        /// Bytes of a result that are kept with the message.
        var kept = 2048
    }

    /// Something that happened.
    enum Event: Sendable {
        /// A piece of the model's answer.
        case model(ChatEvent)
        /// The model's answer has ended.
        case answerEnded
        case decided(String, ToolDecision)
        /// The user has not decided in time.
        case expired(String)
        case finished(String, Outcome)
        /// The reply is stopped.
        case stopped
    }

    /// What came of a call that ran.
    enum Outcome: Sendable {
        case answer(MCPToolAnswer)
        /// It could not be had.
        case failure(Message.Failure)
    }

    /// Something to do.
    enum Action: Sendable, Equatable {
        /// Ask the user whether this may run; `uses` has why.
        case ask(String)
        case run(String, ToolOffer, JSONObject)
        /// Keep a rule of the user's.
        case remember(ToolOffer, ToolServer.Permission)
        /// Ask the model again, with these added to what it was sent.
        case answer([ChatMessage])
        /// The reply is whole.
        case end
    }

    private enum Phase: Equatable {
        case answering, working, ended
    }

    private struct Call {
        var toolCall: ToolCall
        var offer: ToolOffer?
        var arguments: JSONObject = [:]
        /// What the model is told; `nil` while the call is not at its end.
        var outcome: ToolResult?
    }

    private let offers: [String: ToolOffer]
    private let limits: Limits
    private var phase = Phase.answering
    private var round = 1
    private var callCount = 0
    private(set) var hasUntrusted = false
    /// Everything that is shown, over all rounds.
    private(set) var uses: [ToolUse] = []

    /// The text of this round; `textLength` counts that of all rounds, in bytes.
    private var text = ""
    private var textLength = 0
    private var reasoning: [Reasoning] = []
    private var calls: [Call] = []

    init(offers: [ToolOffer], limits: Limits = Limits()) {
        self.offers = Dictionary(offers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.limits = limits
    }

    /// Whether the model is to be asked, or is answering.
    var isAnswering: Bool { self.phase == .answering }

    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .model(let event):
            if self.phase == .answering { self.take(event) }
            return []
        case .answerEnded: return self.answerEnded()
        case .decided(let id, let decision): return self.decided(id, decision)
        case .expired(let id): return self.expired(id)
        case .finished(let id, let result): return self.finished(id, result)
        case .stopped:
            self.phase = .ended
            for index in self.uses.indices where !self.uses[index].state.isFinal {
                self.uses[index].state = .cancelled
                self.uses[index].reason = nil
            }
            return []
        }
    }

    // MARK: The model's answer

    private mutating func take(_ event: ChatEvent) {
        switch event {
        case .text(let piece):
            self.text += piece
            self.textLength += piece.utf8.count
        case .reasoning(let piece):
            if self.reasoning.isEmpty || self.reasoning[self.reasoning.count - 1].signature != nil {
                self.reasoning.append(Reasoning(text: ""))
            }
            self.reasoning[self.reasoning.count - 1].text += piece
        case .reasoningProof(let proof):
            if self.reasoning.isEmpty { self.reasoning.append(Reasoning(text: "")) }
            self.reasoning[self.reasoning.count - 1].signature = proof.signature
            self.reasoning[self.reasoning.count - 1].encrypted = proof.encrypted
            self.reasoning[self.reasoning.count - 1].id = proof.id
        case .toolCall(let index, let id, let name):
            guard index == self.calls.count else { return }
            self.calls.append(Call(toolCall: ToolCall(id: id, name: name, arguments: "")))
        case .toolArguments(let index, let piece):
            guard self.calls.indices.contains(index) else { return }
            self.calls[index].toolCall.arguments += piece
        case .toolCallProof(let index, let signature):
            guard self.calls.indices.contains(index) else { return }
            self.calls[index].toolCall.signature = signature
        case .started, .logProbabilities, .usage, .finished: break
        }
    }

    private mutating func answerEnded() -> [Action] {
        guard self.phase == .answering else { return [] }
        guard !self.calls.isEmpty else {
            self.phase = .ended
            return [.end]
        }
        self.phase = .working
        var actions: [Action] = []
        for index in self.calls.indices { actions += self.begin(index) }
        return actions + self.nextRound()
    }

    /// Decides what becomes of a call.
    private mutating func begin(_ index: Int) -> [Action] {
        let call = self.calls[index].toolCall
        // Ids of providers repeat from one round to the next; what is shown has one of its own.
        let id = "\(self.round).\(index)"
        let offer = self.offers[call.name]
        self.calls[index].offer = offer
        self.uses.append(
            ToolUse(
                id: id,
                tool: offer?.tool ?? String(call.name.prefix(128)),
                serverID: offer?.serverID,
                server: offer?.server ?? "",
                arguments: call.arguments,
                state: .running,
                textOffset: self.textLength
            )
        )
        self.callCount += 1
        guard let offer else {
            return self.refuse(index, as: .failed, "unknownTool", "There is no tool of that name.")
        }
        guard self.callCount <= self.limits.calls, self.round <= self.limits.rounds else {
            return self.refuse(index, as: .refused, "tooManyCalls", "This reply has called as many tools as it may.")
        }
        let text = call.arguments.allSatisfy(\.isWhitespace) ? "{}" : call.arguments
        guard case .object(let arguments)? = try? JSONValue(parsing: text) else {
            return self.refuse(index, as: .failed, "invalidArguments", "The arguments are not a JSON object.")
        }
        self.calls[index].arguments = arguments
        switch offer.permission {
        case .never: return self.refuse(index, as: .refused, "notAllowed", "The user does not allow this tool.")
        case .ask: return self.ask(index, .permission)
        case .always where self.hasUntrusted && !offer.isReadOnly: return self.ask(index, .untrusted)
        case .always: return [.run(id, offer, arguments)]
        }
    }

    private mutating func ask(_ index: Int, _ reason: ToolUse.Reason) -> [Action] {
        let place = self.place(of: index)
        self.uses[place].state = .asked
        self.uses[place].reason = reason
        return [.ask(self.uses[place].id)]
    }

    /// Ends a call that is not to run; the model is told why.
    private mutating func refuse(_ index: Int, as state: ToolUse.State, _ code: String, _ message: String) -> [Action] {
        let place = self.place(of: index)
        self.uses[place].state = state
        self.uses[place].reason = nil
        self.uses[place].failure = Message.Failure(code: code, message: message)
        self.tell(index, message, isError: true)
        return []
    }

    // MARK: What the user and the tools say

    private mutating func decided(_ id: String, _ decision: ToolDecision) -> [Action] {
        guard self.phase == .working, let index = self.index(of: id), self.uses[self.place(of: index)].state == .asked,
            let offer = self.calls[index].offer
        else { return [] }
        switch decision {
        case .once, .always:
            self.uses[self.place(of: index)].state = .running
            self.uses[self.place(of: index)].reason = nil
            let run = Action.run(id, offer, self.calls[index].arguments)
            return decision == .always ? [.remember(offer, .always), run] : [run]
        case .refuse, .never:
            _ = self.refuse(index, as: .refused, "refused", "The user refused this call.")
            return (decision == .never ? [.remember(offer, .never)] : []) + self.nextRound()
        }
    }

    private mutating func expired(_ id: String) -> [Action] {
        guard self.phase == .working, let index = self.index(of: id), self.uses[self.place(of: index)].state == .asked
        else { return [] }
        _ = self.refuse(index, as: .refused, "notAnswered", "The user did not allow this call in time.")
        return self.nextRound()
    }

    private mutating func finished(_ id: String, _ outcome: Outcome) -> [Action] {
        guard self.phase == .working, let index = self.index(of: id),
            self.uses[self.place(of: index)].state == .running,
            self.calls[index].outcome == nil
        else { return [] }
        let place = self.place(of: index)
        switch outcome {
        case .answer(let answer):
            self.hasUntrusted = true
            self.uses[place].state = answer.isError ? .failed : .done
            self.uses[place].result = Self.shortened(answer.text, to: self.limits.kept)
            self.tell(index, Self.shortened(answer.text, to: self.limits.result), isError: answer.isError)
        case .failure(let failure):
            self.uses[place].state = .failed
            self.uses[place].failure = failure
            self.tell(index, failure.message, isError: true)
        }
        return self.nextRound()
    }

    private mutating func tell(_ index: Int, _ text: String, isError: Bool) {
        let call = self.calls[index].toolCall
        self.calls[index].outcome = ToolResult(
            callID: call.id,
            name: call.name,
            parts: [.text(text)],
            isError: isError
        )
    }

    // MARK: The next round

    /// Asks the model again once every call of this round is at its end.
    private mutating func nextRound() -> [Action] {
        let outcomes = self.calls.compactMap(\.outcome)
        guard self.phase == .working, outcomes.count == self.calls.count else { return [] }
        var parts: [ContentPart] = self.reasoning.map { .reasoning($0) }
        if !self.text.isEmpty { parts.append(.text(self.text)) }
        parts += self.calls.map { .toolCall($0.toolCall) }
        guard self.round <= self.limits.rounds else {
            self.phase = .ended
            return [.end]
        }
        let messages = [
            ChatMessage(.assistant, parts: parts),
            ChatMessage(.tool, parts: outcomes.map { .toolResult($0) }),
        ]
        self.phase = .answering
        self.round += 1
        self.text = ""
        self.reasoning = []
        self.calls = []
        return [.answer(messages)]
    }

    // MARK: Places

    /// Where in `uses` a call of this round is.
    private func place(of index: Int) -> Int { self.uses.count - self.begun + index }

    /// How many calls of this round are in `uses`.
    private var begun: Int { self.uses.reversed().prefix { $0.id.hasPrefix("\(self.round).") }.count }

    private func index(of id: String) -> Int? {
        let parts = id.split(separator: ".")
        guard parts.count == 2, Int(parts[0]) == self.round, let index = Int(parts[1]),
            self.calls.indices.contains(index)
        else { return nil }
        return index
    }

    /// At most `limit` bytes of a text, whole characters, with a word on what is missing.
    private static func shortened(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var kept = ""
        var left = limit
        for character in text {
            left -= character.utf8.count
            guard left >= 0 else { break }
            kept.append(character)
        }
        return kept + "\n[shortened: \(text.utf8.count) bytes in all]"
    }
}
