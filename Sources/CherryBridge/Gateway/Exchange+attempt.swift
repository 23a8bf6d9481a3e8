import CherryCore
import CherryNet
import Tracing

extension Exchange {
    /// Asks one target and reads up to the first token.
    func ask(
        _ attempt: RouteStateMachine.Attempt,
        after elapsed: Duration,
        said: String
    ) async -> Result<Begun, any Error> {
        guard InstrumentationContext.current != nil else {
            return await self.begin(attempt, after: elapsed, said: said)
        }
        return await withSpan("gateway.attempt", ofKind: .client) { span in
            span.attributes["cherry.attempt"] = attempt.number
            let outcome = await self.begin(attempt, after: elapsed, said: said)
            if case .failure(let error) = outcome {
                span.attributes["error.type"] = (error as? any CherryError)?.codeName ?? "cancelled"
                span.setStatus(.init(code: .error))
            }
            return outcome
        }
    }

    private func begin(
        _ attempt: RouteStateMachine.Attempt,
        after elapsed: Duration,
        said: String
    ) async -> Result<Begun, any Error> {
        let option = self.route.options[attempt.target]
        do {
            let limits = self.route.transportLimits(after: elapsed)
            let patience = self.route.firstToken.map { ContinuousClock.now + $0 }
            let continuation = attempt.isContinuation ? Continuation(said: said) : nil
            let original = self.original(for: option)
            let answer = try await self.open(option, original, continuation, limits)
            let begun = Begun(
                attempt: attempt,
                option: option,
                answer: answer,
                isPassedOn: original != nil,
                continuation: continuation
            )
            var length = 0
            while !begun.meter.hasBegun, length < Self.heldLimit {
                guard let piece = try await Self.read(answer, before: patience) else { break }
                begun.meter.count(piece.events)
                begun.pieces.append(piece)
                length += piece.bytes.count
            }
            return .success(begun)
        } catch {
            return .failure(error)
        }
    }

    /// The client's own bytes, if this target takes them. An answer that may be gone on with is written by the bridge from
    /// its beginning on.
    private func original(for option: GatewayRoute.Option) -> GatewayQuestion.Original? {
        guard let original = self.question.original, original.api == option.http?.dialect.api,
            !self.route.policy.continuesAfterFirstToken
        else { return nil }
        return original
    }

    private func open(
        _ option: GatewayRoute.Option,
        _ original: GatewayQuestion.Original?,
        _ continuation: Continuation?,
        _ limits: HTTPTransport.Limits?
    ) async throws -> any AnswerStream {
        if let http = option.http, let original {
            return try await http.answer(
                toBody: PassThrough.body(
                    original.body,
                    replacingModel: option.target.model.model,
                    addsUsage: original.addsUsage
                ),
                model: option.target.model.model,
                isStreamed: self.question.isStreamed,
                userTexts: original.userTexts(),
                limits: limits
            )
        }
        var request = try self.question.chat()
        if let continuation { request = continuation.request(from: request) }
        request.model = option.target.model.model
        request.isStreamed = self.question.isStreamed
        return try await option.provider.answer(to: request, limits: limits)
    }

    /// Reads the next piece; gives up at `deadline`.
    private static func read(
        _ answer: any AnswerStream,
        before deadline: ContinuousClock.Instant?
    ) async throws -> AnswerPiece? {
        guard let deadline else { return try await answer.next() }
        let source = Borrowed(answer)
        return try await withThrowingTaskGroup(of: AnswerPiece?.self) { group in
            group.addTask { try await source.answer.next() }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                throw BridgeError(
                    .timedOut,
                    message: "The first token did not come in time.",
                    hint: "Allow more time for it, or ask for another model."
                )
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// Asks a second target when the first is silent for `delay`; whichever has a token first answers.
    ///
    /// - Returns: whether one has begun.
    func race(_ first: RouteStateMachine.Attempt, after delay: Duration) async throws -> Bool {
        enum Runner: Sendable {
            case answered(RouteStateMachine.Attempt, Result<Begun, any Error>)
            case delayIsOver
        }
        let sleep = self.gateway.dependencies.sleep
        return try await withTaskGroup(of: Runner.self, returning: Result<Bool, any Error>.self) { group in
            func run(_ attempt: RouteStateMachine.Attempt) {
                let elapsed = self.ledger.elapsed
                group.addTask { .answered(attempt, await self.ask(attempt, after: elapsed, said: "")) }
            }
            run(first)
            group.addTask {
                // Cut short only when there is a winner, or nobody waits any more.
                try? await sleep(delay)
                return .delayIsOver
            }
            var hasWinner = false
            var outcome = Result<Bool, any Error>.success(false)
            while let runner = await group.next() {
                switch runner {
                case .delayIsOver:
                    if !hasWinner, !Task.isCancelled, let second = self.another() { run(second) }
                case .answered(_, .success(let begun)) where !hasWinner:
                    hasWinner = true
                    outcome = .success(true)
                    self.accept(begun)
                    group.cancelAll()
                case .answered(let attempt, _) where hasWinner:
                    self.lose(attempt)
                case .answered(let attempt, .failure(let error)):
                    do {
                        // Another one that is under way may still answer; the delay is of no use any more.
                        if try self.note(error, of: attempt) { group.cancelAll() }
                    } catch {
                        outcome = .failure(error)
                        hasWinner = true
                        group.cancelAll()
                    }
                case .answered: break
                }
            }
            return outcome
        }.get()
    }

    /// Counts a request that was given up because another one was faster. It is paid for all the same.
    private func lose(_ attempt: RouteStateMachine.Attempt) {
        let option = self.route.options[attempt.target]
        self.gateway.abandoned(option.target)
        self.ledger.lost(
            option,
            outcome: UsageRecord.stopped,
            tokens: AnswerMeter().estimate(promptLength: self.question.textLength)
        )
    }
}

/// Lends an answer to a child task.
// Unchecked, because whoever lends it waits for the child before using it again.
private struct Borrowed: @unchecked Sendable {
    let answer: any AnswerStream

    init(_ answer: any AnswerStream) { self.answer = answer }
}
