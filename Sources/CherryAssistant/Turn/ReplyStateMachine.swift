import CherryBridge
import CherryCore
import CherryStore

/// One reply from its first token to its last, without a clock or I/O.
///
/// What arrives is pending until it is stored, and only what is stored is shown: a reader never sees a token that a
/// crash could take back. States: writing → finishing → ended; from any of them → abandoned.
struct ReplyStateMachine {
    private enum Phase: Equatable {
        /// Text may still arrive.
        case writing
        /// The outcome is known and must be stored.
        case finishing
        /// Everything is stored, or given up as unsaved.
        case ended
        /// Nobody will learn the outcome here: the vault was locked.
        case abandoned
    }

    /// How a reply came to its end.
    enum Outcome: Equatable {
        case complete
        case stopped
        case interrupted
        case failed(Message.Failure)
    }

    /// The message as it is on disk.
    private(set) var stored: Versioned<Message>
    /// The message as it will be stored next.
    private var draft: Message
    private var isDirty = false
    private var storeFailure: Message.Failure?
    private var phase = Phase.writing
    private(set) var notices: [TurnNotice] = []
    /// Tokens of the answers before this one, where tools made several.
    private var earlier = TokenUsage(prompt: 0, completion: 0)

    init(stored: Versioned<Message>) {
        self.stored = stored
        self.draft = stored.value
        if stored.value.state != .streaming { self.phase = .ended }
    }

    var isEnded: Bool { self.phase == .ended }
    var isAbandoned: Bool { self.phase == .abandoned }
    /// Whether the model is still being read.
    var isWriting: Bool { self.phase == .writing }

    /// Takes what the model sent, `elapsed` after it was asked.
    mutating func receive(_ event: ChatEvent, after elapsed: Duration) {
        guard self.phase == .writing else { return }
        switch event {
        case .text(let text):
            self.noteFirstToken(after: elapsed)
            self.draft.content += text
            self.isDirty = true
        case .reasoning(let text):
            self.noteFirstToken(after: elapsed)
            self.draft.reasoning = (self.draft.reasoning ?? "") + text
            self.isDirty = true
        case .usage(let usage):
            let earlier = self.earlier
            self.metrics { $0.promptTokens = earlier.prompt + usage.prompt }
            self.metrics { $0.completionTokens = earlier.completion + usage.completion }
        case .started, .reasoningProof, .toolCall, .toolArguments, .toolCallProof, .logProbabilities, .finished:
            break
        }
    }

    /// Notes that one answer of the model is whole and another may follow: their tokens are counted together.
    mutating func endAnswer() {
        self.earlier = TokenUsage(
            prompt: self.draft.metrics?.promptTokens ?? 0,
            completion: self.draft.metrics?.completionTokens ?? 0
        )
    }

    /// Takes the calls of tools as they are now.
    mutating func set(_ uses: [ToolUse]) {
        guard self.phase == .writing, !uses.isEmpty, uses != self.draft.toolUses else { return }
        self.draft.toolUses = uses
        self.isDirty = true
    }

    /// Notes what the reader should know, and how much of the history was left out.
    mutating func add(_ notice: TurnNotice) {
        self.notices.append(notice)
        if case .contextTrimmed(let omitted) = notice { self.metrics { $0.omittedMessages = omitted } }
    }

    /// Ends the reply. The first outcome wins.
    mutating func finish(_ outcome: Outcome, after elapsed: Duration, promptEstimate: Int) {
        guard self.phase == .writing else { return }
        self.phase = .finishing
        self.isDirty = true
        self.draft.cancelToolUses()
        switch outcome {
        case .complete: self.draft.state = .complete
        case .stopped: self.draft.state = .stopped
        case .interrupted: self.draft.state = .interrupted
        case .failed(let failure):
            self.draft.state = .failed
            self.draft.failure = failure
        }
        self.metrics { $0.totalMilliseconds = elapsed.milliseconds }
        if self.draft.metrics?.completionTokens == nil, !self.draft.content.isEmpty {
            let written = TokenEstimate.tokens(in: self.draft.content + (self.draft.reasoning ?? ""))
            self.metrics {
                $0.promptTokens = promptEstimate
                $0.completionTokens = written
                $0.isEstimated = true
            }
        }
    }

    /// The message to store now, or `nil` when nothing changed since the last time.
    mutating func takeDraft() -> (message: Message, version: Int64)? {
        guard self.isDirty, self.phase == .writing || self.phase == .finishing else { return nil }
        self.isDirty = false
        return (self.draft, self.stored.version)
    }

    /// What `takeDraft` gave is on disk.
    mutating func didStore(_ record: Versioned<Message>) {
        self.stored = record
        if self.phase == .finishing, record.value.state != .streaming, !self.isDirty { self.phase = .ended }
    }

    /// What `takeDraft` gave could not be stored: it will be tried again, and the model is not read any further.
    mutating func didFailToStore(_ failure: Message.Failure, after elapsed: Duration) {
        self.finish(.failed(failure), after: elapsed, promptEstimate: 0)
        self.storeFailure = failure
        self.isDirty = true
    }

    /// The reply with what could not be stored, for a reader who would otherwise see nothing of it.
    var unsaved: Versioned<Message> {
        var message = self.draft
        message.state = .failed
        message.failure = self.storeFailure ?? message.failure
        return Versioned(
            value: message,
            version: self.stored.version,
            position: self.stored.position,
            changedAt: self.stored.changedAt
        )
    }

    /// Gives up because the vault was locked.
    mutating func abandon() {
        if self.phase != .ended { self.phase = .abandoned }
    }

    private mutating func noteFirstToken(after elapsed: Duration) {
        if self.draft.metrics?.firstTokenMilliseconds == nil {
            self.metrics { $0.firstTokenMilliseconds = elapsed.milliseconds }
        }
    }

    private mutating func metrics(_ change: (inout Message.Metrics) -> Void) {
        var metrics = self.draft.metrics ?? Message.Metrics()
        change(&metrics)
        self.draft.metrics = metrics
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
