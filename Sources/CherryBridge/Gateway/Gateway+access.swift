import CherryCore
import Synchronization

extension Gateway {
    /// Finds whom a token belongs to, and takes room for one request in its rate.
    ///
    /// - Throws: `BridgeError` with code `.sealed`, `.unauthorized` or `.rateLimited`.
    public func authorize(_ token: (some StringProtocol)?) throws -> GatewayCaller {
        let digest = token.flatMap { TokenDigest(of: $0) }
        let time = self.dependencies.clock.now
        let now = self.uptime
        let caller = try self.state.withLock { state in
            guard let catalogue = state.catalogue else { throw Self.sealed }
            guard let token = digest.flatMap({ catalogue.tokens[$0] }), token.isValid(at: time) else {
                throw Self.unknownToken
            }
            if let rate = token.requestsPerMinute {
                var bucket = state.buckets[token.id] ?? TokenBucket(perMinute: rate, at: now)
                if bucket.perMinute != rate { bucket = TokenBucket(perMinute: rate, at: now) }
                let wait = bucket.take(at: now)
                state.buckets[token.id] = bucket
                if let wait { throw Self.tooManyRequests(retryAfter: wait) }
            }
            state.lastUses[token.id] = time
            return GatewayCaller(token: token)
        }
        return caller
    }

    /// Whether the token may ask for this, and still has a budget for it.
    ///
    /// - Returns: the route, without what the token could not pay for.
    func checked(_ route: GatewayRoute, for caller: GatewayCaller) throws -> GatewayRoute {
        guard let token = caller.token else { return route }
        guard token.models == nil || token.allows(modelNamed: route.names) else { throw Self.outOfScope }
        let hasBudget = token.daily != BridgeToken.Budget() || token.monthly != BridgeToken.Budget()
        guard hasBudget else { return route }
        let time = self.dependencies.clock.now
        if let refusal = self.state.withLock({ $0.ledger.refusal(of: token, at: time) }) { throw refusal }
        guard token.daily.microDollars != nil || token.monthly.microDollars != nil else { return route }
        // Without a price nothing would ever be spent, and the budget would be none.
        guard let priced = route.pricedOnly() else { throw Self.withoutPrice }
        return priced
    }

    static let sealed = BridgeError(
        .sealed,
        message: "The vault is locked, and with it every provider's key.",
        hint: "Unlock it in the web app or with: cherry vault unlock"
    )

    private static let unknownToken = BridgeError(
        .unauthorized,
        message: "The token is not known, was revoked, or has expired.",
        hint: "Make one in the web app under Settings, or with: cherry token add"
    )

    private static let outOfScope = BridgeError(
        .denied,
        message: "The token does not allow this model.",
        hint: "Ask for one that it allows, as GET /v1/models lists them."
    )

    private static let withoutPrice = BridgeError(
        .denied,
        message: "The token has a budget of money, and what this model costs is not known.",
        hint: "Enter a price for it in the web app under Settings, Prices."
    )

    private static func tooManyRequests(retryAfter wait: Duration) -> BridgeError {
        BridgeError(
            .rateLimited,
            message: "The token has made as many requests as it may in one minute.",
            hint: "Wait, or raise its limit.",
            retryAfter: wait
        )
    }
}
