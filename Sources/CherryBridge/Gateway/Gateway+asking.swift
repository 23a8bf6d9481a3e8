public import CherryCore
import CherryNet

extension Gateway {
    /// Asks, and returns when the first token of an answer is here.
    ///
    /// Letting go of the exchange, or cancelling the task that waits for it, closes the connection to the provider.
    ///
    /// - Parameter id: names the exchange, also to the client.
    /// - Throws: `BridgeError`, or `CancellationError` when the task was cancelled.
    public func ask(
        _ question: GatewayQuestion,
        for caller: GatewayCaller,
        id: String = ExchangeID.make()
    ) async throws -> Exchange {
        try await self.ask(question, via: try await self.route(to: question.model), for: caller, id: id)
    }

    /// Asks what a choice of the user's leads to.
    public func ask(
        _ question: GatewayQuestion,
        of reference: ModelReference,
        for caller: GatewayCaller,
        id: String = ExchangeID.make()
    ) async throws -> Exchange {
        try await self.ask(question, via: try self.route(to: reference), for: caller, id: id)
    }

    private func ask(
        _ question: GatewayQuestion,
        via route: GatewayRoute,
        for caller: GatewayCaller,
        id: String
    ) async throws -> Exchange {
        let route = try self.checked(route, for: caller)
        let exchange = Exchange(question, via: route, for: caller, id: id, gateway: self)
        try await exchange.begin()
        return exchange
    }

    /// Asks, and hands each event to `receive`.
    public func chat(
        _ request: ChatRequest,
        for caller: GatewayCaller,
        _ receive: (ChatEvent) async throws -> Void
    ) async throws {
        let exchange = try await self.ask(GatewayQuestion(request), for: caller)
        while let piece = try await exchange.next() {
            for event in piece.events { try await receive(event) }
        }
    }

    /// One vector for each text, with the tokens that were read.
    public func embeddings(
        _ request: EmbeddingsRequest,
        for caller: GatewayCaller,
        id: String = ExchangeID.make()
    ) async throws -> Embeddings {
        let route = try self.checked(try await self.route(to: request.model), for: caller)
        return try await self.embeddings(request, via: route, for: caller, id: id)
    }

    /// One vector for each text, from one of a route that was checked.
    func embeddings(
        _ request: EmbeddingsRequest,
        via route: GatewayRoute,
        for caller: GatewayCaller,
        id: String
    ) async throws -> Embeddings {
        let length = request.texts.reduce(0) { $0 + $1.utf8.count }
        var ledger = ExchangeLedger(id: id, caller: caller, asked: request.model, route: route, gateway: self)
        var machine = RouteStateMachine(
            targets: route.options.map(\.target),
            policy: route.policy,
            random: self.dependencies.random
        )
        do {
            while true {
                switch machine.next(at: ledger.elapsed, random: self.dependencies.random(), admits: self.admits) {
                case .fail(let error): throw error
                case .wait(let pause): try await self.dependencies.sleep(pause)
                case .attempt(let attempt):
                    let option = route.options[attempt.target]
                    ledger.asks(option, attempts: machine.attempts)
                    do {
                        var request = request
                        request.model = option.target.model.model
                        let limits = route.transportLimits(after: ledger.elapsed)
                        var answer = try await option.provider.embeddings(request, limits: limits)
                        self.succeeded(option.target)
                        let tokens = answer.promptTokens ?? TokenEstimate.tokens(inBytes: length)
                        ledger.noteFirstToken()
                        ledger.end(
                            UsageRecord.complete,
                            tokens: TokenUsage(prompt: tokens, completion: 0),
                            isEstimated: answer.promptTokens == nil
                        )
                        answer.promptTokens = tokens
                        return answer
                    } catch {
                        let error = try self.settle(error, of: option.target)
                        _ = try machine.failed(attempt, with: error, at: ledger.elapsed).get()
                    }
                }
            }
        } catch {
            ledger.end((error as? BridgeError)?.codeName ?? UsageRecord.stopped, tokens: nil, isEstimated: false)
            throw error
        }
    }

    /// How many tokens a request takes: as the first of its providers that counts says, else an estimate.
    public func tokenCount(of request: ChatRequest, for caller: GatewayCaller) async throws -> Int {
        let route = try self.checked(try await self.route(to: request.model), for: caller)
        for option in route.options where !route.policy.staysLocal || option.target.isLocal {
            var request = request
            request.model = option.target.model.model
            do {
                if let count = try await option.provider.tokenCount(of: request) { return count }
            } catch let error as BridgeError where error.code.isProvidersFault || error.code == .unsupported {
                continue  // an estimate is better than nothing
            }
        }
        return TokenEstimate.tokens(inBytes: request.userTexts.reduce(0) { $0 + $1.utf8.count })
    }

    /// Writes down that an answer came from the cache: nothing was asked, and nothing is to be paid.
    public func noteCached(_ caller: GatewayCaller, asked name: String) {
        // Only what leads somewhere was ever answered; a name that does no more is not worth a failure.
        guard let catalogue = try? self.catalogue() else { return }
        let parts = name.split(separator: "/", maxSplits: 1)
        let member = parts.count == 2 ? catalogue.member(slug: String(parts[0])) : nil
        let alias = catalogue.alias(name)
        let target = alias?.targets.first?.model
        self.note(
            UsageRecord(
                at: self.dependencies.clock.now,
                tokenID: caller.token?.id,
                providerID: target?.providerID ?? member?.id ?? ModelReference.localProvider,
                model: target?.model ?? parts.last.map(String.init) ?? name,
                alias: alias?.name,
                microDollars: 0,
                totalMilliseconds: 0,
                attempts: 0,
                outcome: UsageRecord.complete
            )
        )
    }

    /// Tells the breaker how an attempt failed.
    ///
    /// - Returns: the error as one of the bridge's.
    /// - Throws: the cancellation, when it was one.
    func settle(_ error: any Error, of target: RouteTarget) throws -> BridgeError {
        if error is CancellationError {
            self.abandoned(target)
            throw error
        }
        let known =
            error as? BridgeError
            ?? BridgeError(.unreachable, message: "The provider could not be asked.", underlying: error)
        self.failed(target, with: known.code)
        return known
    }
}
