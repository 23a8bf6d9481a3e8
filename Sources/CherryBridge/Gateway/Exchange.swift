public import CherryCore
import CherryNet

/// One request on its way: the answer of whichever model gives it.
///
/// Letting go of it before its end closes the connection to the provider and counts it as stopped.
// Unchecked, because one task at a time uses it: the one that begins it, then the one that reads it. The tasks that ask
// several models at once read only what never changes.
public final class Exchange: @unchecked Sendable {
    /// An answer whose first token is here.
    // Unchecked, because it is handed from the task that asked to the one that reads.
    final class Begun: @unchecked Sendable {
        let attempt: RouteStateMachine.Attempt
        let option: GatewayRoute.Option
        let answer: any AnswerStream
        /// Whether its bytes are passed on as they are.
        let isPassedOn: Bool
        var pieces: [AnswerPiece] = []
        var meter = AnswerMeter()
        /// What joins it to an answer that broke off.
        var continuation: Continuation?

        init(
            attempt: RouteStateMachine.Attempt,
            option: GatewayRoute.Option,
            answer: any AnswerStream,
            isPassedOn: Bool,
            continuation: Continuation?
        ) {
            self.attempt = attempt
            self.option = option
            self.answer = answer
            self.isPassedOn = isPassedOn
            self.continuation = continuation
        }
    }

    /// Bytes that are held back at most while no token has come.
    static let heldLimit = 1 << 20

    let question: GatewayQuestion
    let route: GatewayRoute
    let gateway: Gateway
    private let wantsContinuation: Bool
    /// What ends it from outside, also after it was handed to another task.
    private let abort = RequestAbort.current
    private(set) var machine: RouteStateMachine
    var ledger: ExchangeLedger
    private var current: Begun?
    /// What the reader has so far, kept only where an answer may be gone on with.
    private var said = ""
    private var lostTokens = TokenUsage(prompt: 0, completion: 0)

    init(
        _ question: GatewayQuestion,
        via route: GatewayRoute,
        for caller: GatewayCaller,
        id: String,
        gateway: Gateway
    ) {
        self.question = question
        self.route = route
        self.gateway = gateway
        self.wantsContinuation = route.policy.continuesAfterFirstToken
        self.machine = RouteStateMachine(
            targets: route.options.map(\.target),
            policy: route.policy,
            random: gateway.dependencies.random
        )
        self.ledger = ExchangeLedger(id: id, caller: caller, asked: question.model, route: route, gateway: gateway)
    }

    deinit { self.settle(UsageRecord.stopped) }

    /// Names it, also to the client.
    public var id: String { self.ledger.id }

    /// Whether the bytes of the answer are passed on as they are; the pieces have them.
    public var isPassedOn: Bool { self.current?.isPassedOn ?? false }

    /// What the answer took so far, for when the provider does not say.
    public var estimate: TokenUsage {
        (self.current?.meter ?? AnswerMeter()).estimate(promptLength: self.question.textLength)
    }

    /// Asks until there is a first token.
    func begin() async throws {
        do {
            try await self.askAround()
        } catch {
            self.settle(error)
            throw error
        }
    }

    /// What came next, or `nil` after the end.
    ///
    /// - Throws: `BridgeError`, or `CancellationError` when the task was cancelled.
    public func next() async throws -> AnswerPiece? {
        while true {
            guard let current = self.current else { return nil }
            if !current.pieces.isEmpty {
                let piece = current.pieces.removeFirst()
                if let piece = self.shown(piece) { return piece }
                continue
            }
            do {
                guard let piece = try await current.answer.next() else {
                    self.gateway.succeeded(current.option.target)
                    self.settle(UsageRecord.complete)
                    self.current = nil
                    return nil
                }
                current.meter.count(piece.events)
                if !piece.events.isEmpty { self.ledger.notePiece() }
                if let piece = self.shown(piece) { return piece }
            } catch {
                do {
                    try await self.goOn(after: error, of: current)
                } catch {
                    self.settle(error)
                    self.current = nil
                    throw error
                }
            }
        }
    }

    // MARK: Asking

    /// Goes through the targets until one has begun to answer.
    private func askAround() async throws {
        let random = self.gateway.dependencies.random
        while true {
            switch self.machine.next(at: self.ledger.elapsed, random: random(), admits: self.gateway.admits) {
            case .fail(let error): throw error
            case .wait(let pause): try await self.gateway.dependencies.sleep(pause)
            case .attempt(let attempt):
                self.ledger.asks(self.route.options[attempt.target], attempts: self.machine.attempts)
                if let delay = self.route.policy.hedgeAfter, attempt.number == 1 {
                    if try await self.race(attempt, after: delay) { return }
                    continue
                }
                switch await self.ask(attempt, after: self.ledger.elapsed, said: self.said) {
                case .success(let begun): return self.accept(begun)
                case .failure(let error): try self.note(error, of: attempt)
                }
            }
        }
    }

    /// An attempt has brought a first token.
    func accept(_ begun: Begun) {
        self.machine.began(begun.attempt)
        self.ledger.answers(begun.option)
        self.ledger.noteFirstToken()
        self.current = begun
    }

    /// Takes note of an attempt that failed.
    ///
    /// - Returns: whether nothing else is under way.
    @discardableResult
    func note(_ error: any Error, of attempt: RouteStateMachine.Attempt) throws -> Bool {
        let error = try self.gateway.settle(error, of: self.route.options[attempt.target].target)
        return try self.machine.failed(attempt, with: error, at: self.ledger.elapsed).get()
    }

    /// Which target to ask besides one that is silent; `nil` when there is no other.
    func another() -> RouteStateMachine.Attempt? {
        let random = self.gateway.dependencies.random
        let action = self.machine.next(at: self.ledger.elapsed, random: random(), admits: self.gateway.admits)
        guard case .attempt(let attempt) = action else { return nil }
        self.ledger.asks(self.route.options[attempt.target], attempts: self.machine.attempts)
        return attempt
    }

    /// Asks another model for the rest of an answer that broke off, if that is allowed and possible.
    private func goOn(after error: any Error, of current: Begun) async throws {
        let failure = try self.gateway.settle(error, of: current.option.target)
        let isReady = try self.machine.failed(
            current.attempt,
            with: failure,
            at: self.ledger.elapsed,
            canContinue: !current.meter.hasCalls && self.canContinue
        ).get()
        guard isReady else { throw failure }
        let tokens = current.meter.estimate(promptLength: self.question.textLength)
        self.lostTokens.prompt += tokens.prompt
        self.lostTokens.completion += tokens.completion
        self.ledger.lost(current.option, outcome: failure.codeName, tokens: tokens)
        self.current = nil
        try await RequestAbort.$current.withValue(self.abort) { try await self.askAround() }
    }

    /// Whether the rest can be asked for at all: half of a JSON text, and tokens with their probabilities, cannot be joined.
    private var canContinue: Bool {
        // What cannot be read cannot be gone on with.
        guard let request = try? self.question.chat() else { return false }
        return request.format == nil && request.topLogProbabilities == nil
    }

    // MARK: Reading

    /// What the reader gets of a piece; `nil` for nothing.
    private func shown(_ piece: AnswerPiece) -> AnswerPiece? {
        guard self.wantsContinuation else { return piece }
        var piece = piece
        if self.current?.continuation != nil { piece.events = piece.events.flatMap(self.joined) }
        for case .text(let text) in piece.events { self.said += text }
        return piece.events.isEmpty ? nil : piece
    }

    /// What an event of the rest is to a reader who has the beginning.
    private func joined(_ event: ChatEvent) -> [ChatEvent] {
        switch event {
        case .text(let text):
            let text = self.current?.continuation?.receive(text) ?? text
            return text.isEmpty ? [] : [.text(text)]
        case .started, .reasoning, .reasoningProof, .logProbabilities:
            // The reader has one beginning already, and the reasoning of another model is none of this answer's.
            return []
        case .usage(var usage):
            // To the reader it is one answer; what each model took is written down for itself.
            usage.prompt += self.lostTokens.prompt
            usage.completion += self.lostTokens.completion
            return self.heldText + [.usage(usage)]
        case .toolCall, .toolArguments, .toolCallProof, .finished:
            return self.heldText + [event]
        }
    }

    private var heldText: [ChatEvent] {
        let text = self.current?.continuation?.finish() ?? ""
        return text.isEmpty ? [] : [.text(text)]
    }

    // MARK: The end

    private func settle(_ error: any Error) {
        self.settle((error as? BridgeError)?.codeName ?? UsageRecord.stopped)
    }

    private func settle(_ outcome: String) {
        guard !self.ledger.isEnded else { return }
        if outcome == UsageRecord.stopped, let current { self.gateway.abandoned(current.option.target) }
        let used = self.current?.meter.tokens { self.question.textLength }
        self.ledger.end(outcome, tokens: used?.tokens, isEstimated: used?.isEstimated ?? false)
    }
}
