import CherryBridge
import CherryCore
import CherryStore
import Logging
import Tracing

extension Assistant {
    /// Writes one reply from the model's first token to the conversation's title.
    func perform(_ job: TurnJob) async {
        await withSpan("turn", context: job.trace ?? .topLevel) { _ in
            await withDiscardingTaskGroup { group in
                group.addTask { await self.converse(job) }
                await withSpan("turn.store") { span in
                    span.attributes["cherry.records"] = await self.keep(job.live)
                }
            }
            self.forget(job.live)
            guard !job.live.isAbandoned else { return }
            await self.close(job)
        }
    }

    // MARK: The model

    /// Asks the model and feeds what it sends to the reply, until it ends or is stopped.
    private func converse(_ job: TurnJob) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                let outcome: ReplyStateMachine.Outcome
                var promptEstimate = 0
                do {
                    let prompt = try await withSpan("turn.prompt") { _ in try await self.prompt(for: job) }
                    promptEstimate = prompt.tokens
                    try await withSpan("turn.model") { _ in try await self.answer(prompt.request, for: job) }
                    outcome = .complete
                } catch is CancellationError {
                    outcome = .interrupted
                } catch let error as any CherryError {
                    if error.isSealed { return job.live.abandon() }
                    outcome = .failed(.init(code: error.codeName, message: error.message, hint: error.hint))
                } catch {
                    self.dependencies.logger.error(
                        "A turn failed in an unforeseen way.",
                        metadata: ["error.type": "\(type(of: error))"]
                    )
                    self.dependencies.reporter.report(FailureReport(error, at: .work(.replying)))
                    outcome = .failed(
                        .init(
                            code: "internal",
                            message: "The reply failed for a reason that this program does not know.",
                            hint: "Try again; the server's log has the kind of error."
                        )
                    )
                }
                job.live.finish(outcome, promptEstimate: promptEstimate)
            }
            await job.live.waitWhileWriting()
            group.cancelAll()
        }
    }

    /// Tokens after which the small local model is ended: it does not always find an end by itself.
    private static let tinyModelLimit = 320

    /// What to send: the persona's instructions and as much of the history as the model can read.
    private func prompt(for job: TurnJob) async throws -> (request: ChatRequest, tokens: Int) {
        let model = job.speaker.model
        if model.isTiny { job.live.add(.tinyModel) }
        let history = try await withSpan("turn.recall") { span in
            let history = try await self.dependencies.library
                .history(upTo: job.question.id, in: job.conversation.id)
                .filter { !$0.content.isEmpty }
            span.attributes["cherry.hits"] = history.count
            return history
        }
        let instructions = job.speaker.persona?.instructions ?? ""
        let window = ContextWindow(contextLength: model.contextLength)
        // Counting exactly costs a request; what is far beyond the budget by any count need not be counted.
        let estimates = history.map { TokenEstimate.tokens(in: $0.content) }
        let coarse = ContextWindow.candidates(estimates, budget: window.budget * 2)
        let texts = [instructions] + coarse.map { history[$0].content }
        let counts =
            try await model.provider.tokenCounts(of: texts, model: model.reference.model)
            ?? [TokenEstimate.tokens(in: instructions)] + coarse.map { estimates[$0] }
        guard let choice = window.choose(instructions: counts[0], counts: Array(counts.dropFirst())) else {
            throw BridgeError(
                .contextTooLong,
                message: """
                    Your message takes \(counts.last ?? 0) tokens, more than this model can read at once \
                    (\(window.budget)).
                    """,
                hint: "Shorten the message, or choose a model with a longer context."
            )
        }
        let omitted = history.count - choice.kept.count
        if omitted > 0 { job.live.add(.contextTrimmed(omittedMessages: omitted)) }
        var messages = instructions.isEmpty ? [] : [ChatMessage(.system, instructions)]
        messages += choice.kept.map { index in
            let message = history[coarse[index]]
            return ChatMessage(message.role == .user ? .user : .assistant, message.content)
        }
        let tokens = counts[0] + choice.kept.reduce(0) { $0 + counts[$1 + 1] }
        let request = ChatRequest(
            model: model.reference.model,
            messages: messages,
            temperature: job.speaker.persona?.temperature,
            maxTokens: model.isTiny ? Self.tinyModelLimit : nil
        )
        return (request, tokens)
    }

    // MARK: The store

    /// Stores what arrives, at a pace that the disk can keep, until the reply is done.
    ///
    /// - Returns: how often something was stored.
    private func keep(_ live: LiveReply) async -> Int {
        var count = 0
        for await _ in live.wakeUps() {
            let pace = await self.storeDraft(of: live)
            count += 1
            if live.isDone { break }
            // Nobody cancels this task before the reply is done; a cut-short sleep would only store sooner.
            try? await Task.sleep(for: pace)
        }
        return count
    }

    /// - Returns: how long to wait before the next write.
    private func storeDraft(of live: LiveReply) async -> Duration {
        guard let draft = live.takeDraft() else { return .zero }
        let start = ContinuousClock.now
        do {
            live.didStore(try await self.dependencies.store.put(draft.message, basedOn: draft.version))
        } catch let error as any CherryError where error.isSealed {
            live.abandon()
            return .zero
        } catch let error as any CherryError
            where error.codeName == StoreError.Code.conflict.description
            || error.codeName == StoreError.Code.notFound.description
        {
            // The message was deleted under our hands: there is nothing left to write to.
            live.abandon()
            return .zero
        } catch {
            let known = error as? any CherryError
            live.didFailToStore(
                .init(
                    code: known?.codeName ?? "unavailable",
                    message: "The reply could not be stored. \(known?.message ?? "")",
                    hint: known?.hint ?? "What had arrived is shown here; it is stored as soon as that works again."
                )
            )
            return self.configuration.retryDelay
        }
        let cost = start.duration(to: .now)
        return min(max(self.configuration.minimumPace, cost * 4), self.configuration.maximumPace)
    }

    // MARK: Afterwards

    /// Notes the end in the conversation and names it after its first exchange.
    private func close(_ job: TurnJob) async {
        let reply = job.live.stored.value
        do {
            _ = try await self.dependencies.store.update(Conversation.self, job.conversation.id) {
                $0.liveReplies.removeAll { $0 == reply.id }
                $0.updatedAt = max($0.updatedAt, self.dependencies.clock.now)
            }
            guard reply.state == .complete, job.question.parentID == nil, job.conversation.titleSource == .fallback
            else { return }
            guard let title = try await self.title(for: job, answer: reply.content) else { return }
            _ = try await self.dependencies.store.update(Conversation.self, job.conversation.id) {
                guard $0.titleSource == .fallback else { return }
                $0.title = title
                $0.titleSource = .model
            }
        } catch {
            // The reply is stored; only its title or the mark of its end is missing, and the next unlock mends that.
            self.dependencies.logger.info(
                "A conversation was not updated after its reply.",
                metadata: ["error.code": "\((error as? any CherryError)?.codeName ?? "internal")"]
            )
        }
    }

    private func title(for job: TurnJob, answer: String) async throws -> String? {
        let request = TitleMaker.request(
            model: job.speaker.model.reference.model,
            question: job.question.content,
            answer: answer
        )
        var text = ""
        try await job.speaker.model.provider.chat(request) { event in
            if case .text(let piece) = event { text += piece }
        }
        return TitleMaker.title(from: text, about: job.question.content + " " + answer)
    }
}
