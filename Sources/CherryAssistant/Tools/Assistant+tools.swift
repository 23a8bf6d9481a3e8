import CherryBridge
public import CherryCore
import CherryStore

extension Assistant {
    /// Asks the model, and again with what its tools said, until its answer is whole.
    func answer(_ request: ChatRequest, for job: TurnJob) async throws {
        let provider = job.speaker.model.provider
        guard job.usesTools, !job.speaker.model.isTiny, let tools = self.dependencies.tools else {
            return try await provider.chat(request) { job.live.receive($0) }
        }
        let offers = try await tools.offers()
        if !offers.unreachable.isEmpty { job.live.add(.toolsMissing(servers: offers.unreachable)) }
        guard !offers.tools.isEmpty else {
            return try await provider.chat(request) { job.live.receive($0) }
        }
        var limits = ToolRoundStateMachine.Limits()
        // What all tools say together must leave room for the conversation: a quarter of what the model reads.
        limits.result = min(limits.result, max(1024, job.speaker.model.contextLength * 3 / 4 / 4))
        let rounds = ToolRounds(offers: offers.tools, limits: limits)
        job.live.open(rounds)
        do {
            try await self.converse(request, offers.tools, rounds, tools, job)
            job.live.set(rounds.uses)
        } catch {
            _ = rounds.handle(.stopped)
            job.live.set(rounds.uses)
            throw error
        }
    }

    private func converse(
        _ request: ChatRequest,
        _ offers: [ToolOffer],
        _ rounds: ToolRounds,
        _ tools: ToolServers,
        _ job: TurnJob
    ) async throws {
        var request = request
        request.tools = offers.map(\.definition)
        var events = rounds.events.makeAsyncIterator()
        while true {
            rounds.beginAnswer()
            try await job.speaker.model.provider.chat(request) { job.live.receive(rounds.take($0)) }
            job.live.endAnswer()
            let actions = rounds.handle(.answerEnded)
            job.live.set(rounds.uses)
            guard let messages = try await self.work(actions, &events, rounds, tools, job) else { return }
            request.messages += messages
        }
    }

    /// Does what a round asks for, until the model can be asked again.
    ///
    /// - Returns: what is to be added to its messages; `nil` when the reply is whole.
    private func work(
        _ actions: [ToolRoundStateMachine.Action],
        _ events: inout AsyncStream<ToolRoundStateMachine.Event>.Iterator,
        _ rounds: ToolRounds,
        _ tools: ToolServers,
        _ job: TurnJob
    ) async throws -> [ChatMessage]? {
        let patience = self.configuration.decisionTimeout
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            var actions = actions
            while true {
                for action in actions {
                    switch action {
                    case .ask(let id):
                        group.addTask {
                            try await Task.sleep(for: patience)
                            rounds.post(.expired(id))
                        }
                    case .run(let id, let offer, let arguments):
                        group.addTask { rounds.post(.finished(id, try await Self.run(offer, arguments, tools))) }
                    case .remember(let offer, let permission):
                        // What cannot be kept is asked again the next time.
                        try? await tools.remember(permission, of: offer)
                    case .answer(let messages): return messages
                    case .end: return nil
                    }
                }
                guard let event = await events.next(isolation: #isolation) else { throw CancellationError() }
                try Task.checkCancellation()
                actions = rounds.handle(event)
                job.live.set(rounds.uses)
            }
        }
    }

    private static func run(
        _ offer: ToolOffer,
        _ arguments: JSONObject,
        _ tools: ToolServers
    ) async throws -> ToolRoundStateMachine.Outcome {
        do {
            return .answer(try await tools.call(offer, arguments))
        } catch let error as any CherryError {
            if error.isSealed { throw CancellationError() }
            return .failure(.init(code: error.codeName, message: error.message, hint: error.hint))
        }
    }

    /// Says whether a call that a reply asks for may run.
    ///
    /// - Throws: `AssistantError` with code `.notFound` when the reply does not ask for it, any more or at all.
    public func decide(_ decision: ToolDecision, on call: String, of reply: RecordID) throws {
        guard let live = self.liveReply(reply), live.decide(decision, on: call) else {
            throw AssistantError(
                .notFound,
                message: "The reply does not ask for this call.",
                hint: "It may have ended, or somebody has decided already."
            )
        }
    }
}
