import CherryBridge
import CherryCore
import Synchronization

/// The rounds of tools of one reply: the state machine, and the letter box through which the user and the tools speak
/// to it.
final class ToolRounds: Sendable {
    private struct State {
        var machine: ToolRoundStateMachine
        /// Whether the model has written anything yet.
        var hasText = false
        var endsWithBreak = true
        /// Whether the next text begins a round and is set apart from what is there.
        var isNewRound = false
    }

    private let state: Mutex<State>
    private let mail = AsyncStream.makeStream(of: ToolRoundStateMachine.Event.self)

    init(offers: [ToolOffer], limits: ToolRoundStateMachine.Limits) {
        self.state = Mutex(State(machine: ToolRoundStateMachine(offers: offers, limits: limits)))
    }

    /// What is shown.
    var uses: [ToolUse] { self.state.withLock { $0.machine.uses } }

    /// What others say, in order. For one reader.
    var events: AsyncStream<ToolRoundStateMachine.Event> { self.mail.stream }

    func handle(_ event: ToolRoundStateMachine.Event) -> [ToolRoundStateMachine.Action] {
        self.state.withLock { $0.machine.handle(event) }
    }

    func post(_ event: ToolRoundStateMachine.Event) { self.mail.continuation.yield(event) }

    /// Begins another answer of the model.
    func beginAnswer() { self.state.withLock { $0.isNewRound = $0.hasText } }

    /// Takes a piece of the model's answer.
    ///
    /// - Returns: the piece as the reader gets it: what follows a round of tools begins a paragraph of its own.
    func take(_ event: ChatEvent) -> ChatEvent {
        self.state.withLock { state in
            var event = event
            if case .text(let piece) = event, !piece.isEmpty {
                if state.isNewRound, !state.endsWithBreak, piece.first?.isNewline != true {
                    event = .text("\n\n" + piece)
                }
                state.isNewRound = false
                state.hasText = true
                state.endsWithBreak = piece.last?.isNewline == true
            }
            _ = state.machine.handle(.model(event))
            return event
        }
    }
}
