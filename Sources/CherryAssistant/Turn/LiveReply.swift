import CherryBridge
import CherryCore
import CherryStore
import Synchronization

/// One reply that several readers may follow while it is written.
final class LiveReply: Sendable {
    /// Where a reader stands.
    struct Position {
        var cursor: TurnCursor
        var notices = 0
        var tools: [ToolUse] = []
    }

    /// What a reader gets next.
    enum Next {
        case event(TurnEvent)
        case nothingYet
        case abandoned
    }

    private struct State {
        var machine: ReplyStateMachine
        /// Set when the outcome could not be stored and the readers were told so.
        var isUnsaved = false
        var stopReason: ReplyStateMachine.Outcome?
        var rounds: ToolRounds?
        var waiters: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextWaiter = 0
    }

    let id: RecordID
    let conversationID: RecordID
    private let state: Mutex<State>
    private let start = ContinuousClock.now
    /// Ends when the model is not to be read any further.
    private let writingEnds = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(_ stored: Versioned<Message>) {
        self.id = stored.value.id
        self.conversationID = stored.value.conversationID
        self.state = Mutex(State(machine: ReplyStateMachine(stored: stored)))
    }

    // MARK: The model's side

    func receive(_ event: ChatEvent) {
        self.change { $0.machine.receive(event, after: self.elapsed) }
    }

    func add(_ notice: TurnNotice) {
        self.change { $0.machine.add(notice) }
    }

    /// The model has finished one answer; another may follow.
    func endAnswer() {
        self.change { $0.machine.endAnswer() }
    }

    /// Takes what is to be shown of calls of tools.
    func set(_ uses: [ToolUse]) {
        self.change { $0.machine.set(uses) }
    }

    /// Lets the user decide on calls of tools.
    func open(_ rounds: ToolRounds) {
        self.state.withLock { $0.rounds = rounds }
    }

    /// Hands on a decision.
    ///
    /// - Returns: whether the call is asked for.
    func decide(_ decision: ToolDecision, on call: String) -> Bool {
        guard let rounds = self.state.withLock({ $0.rounds }),
            rounds.uses.contains(where: { $0.id == call && $0.state == .asked })
        else { return false }
        rounds.post(.decided(call, decision))
        return true
    }

    func finish(_ outcome: ReplyStateMachine.Outcome, promptEstimate: Int = 0) {
        self.change { $0.machine.finish($0.stopReason ?? outcome, after: self.elapsed, promptEstimate: promptEstimate) }
        self.writingEnds.continuation.finish()
    }

    /// Asks for the end; the model's connection is closed at once.
    func requestStop(as outcome: ReplyStateMachine.Outcome) {
        self.state.withLock { if $0.stopReason == nil { $0.stopReason = outcome } }
        self.writingEnds.continuation.finish()
    }

    /// Returns when the reply ended, or is to end.
    func waitWhileWriting() async {
        for await _ in self.writingEnds.stream {}
    }

    // MARK: The store's side

    func takeDraft() -> (message: Message, version: Int64)? {
        self.state.withLock { $0.machine.takeDraft() }
    }

    func didStore(_ record: Versioned<Message>) {
        self.change { $0.machine.didStore(record) }
    }

    func didFailToStore(_ failure: Message.Failure) {
        self.change {
            $0.machine.didFailToStore(failure, after: self.elapsed)
            $0.isUnsaved = true
        }
        self.writingEnds.continuation.finish()
    }

    /// Ends every reader without an outcome: the vault was locked.
    func abandon() {
        self.change { $0.machine.abandon() }
        self.writingEnds.continuation.finish()
    }

    var isDone: Bool { self.state.withLock { $0.machine.isEnded || $0.machine.isAbandoned } }
    var isAbandoned: Bool { self.state.withLock { $0.machine.isAbandoned } }
    var stored: Versioned<Message> { self.state.withLock { $0.machine.stored } }

    // MARK: The readers' side

    /// A stream that yields when there may be something new, for one waiter.
    func wakeUps() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let key = self.state.withLock { state in
            state.nextWaiter += 1
            state.waiters[state.nextWaiter] = continuation
            return state.nextWaiter
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.waiters.removeValue(forKey: key) }
        }
        continuation.yield()
        return stream
    }

    /// What comes after `position`, which is moved past it.
    func next(after position: inout Position) -> Next {
        self.state.withLock { state in
            let message = state.machine.stored.value
            if position.notices < state.machine.notices.count {
                position.notices += 1
                return .event(.notice(state.machine.notices[position.notices - 1]))
            }
            if let reasoning = message.reasoning, let piece = reasoning.suffix(fromByte: position.cursor.reasoning) {
                let start = position.cursor.reasoning
                position.cursor.reasoning = reasoning.utf8.count
                return .event(.reasoning(piece, at: start))
            }
            if let piece = message.content.suffix(fromByte: position.cursor.text) {
                let start = position.cursor.text
                position.cursor.text = message.content.utf8.count
                return .event(.text(piece, at: start))
            }
            if let uses = message.toolUses, uses != position.tools {
                position.tools = uses
                return .event(.tools(uses))
            }
            if state.machine.isAbandoned { return .abandoned }
            if state.machine.isEnded { return .event(.end(state.machine.stored)) }
            if state.isUnsaved { return .event(.end(state.machine.unsaved)) }
            return .nothingYet
        }
    }

    private var elapsed: Duration { self.start.duration(to: .now) }

    private func change(_ body: (inout State) -> Void) {
        let waiters = self.state.withLock { state in
            body(&state)
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.yield() }
    }
}

extension String {
    /// What follows the first `offset` bytes of UTF-8; `nil` when nothing does. An offset within a character counts
    /// as its start, so nothing is lost to a wrong one.
    func suffix(fromByte offset: Int) -> String? {
        guard offset < self.utf8.count else { return nil }
        let index = self.utf8.index(self.utf8.startIndex, offsetBy: max(0, offset))
        return String(self.unicodeScalars[index...])
    }
}
