import CherryCore
import CherryNet

/// What a name that was asked for leads to. Shared by every request for it.
final class GatewayRoute: Sendable {
    /// One model that may answer.
    final class Option: Sendable {
        let target: RouteTarget
        let provider: any LanguageModelProvider
        /// The same provider, where it can be given a request's bytes as they are.
        let http: HTTPProvider?
        /// `nil` when nobody has said a price.
        let rates: TokenRates?

        init(_ member: GatewayCatalogue.Member, model: String, weight: Int = 1, prices: PriceTable) {
            let reference = ModelReference(providerID: member.id, model: model)
            let isLocal = member.keepsLocal(model)
            self.target = RouteTarget(model: reference, weight: weight, isLocal: isLocal)
            self.provider = member.provider
            self.http = member.provider as? HTTPProvider
            self.rates = prices.rates(for: reference, isLocal: isLocal)
        }
    }

    /// The alias's name, if it is one.
    let alias: String?
    /// At least one.
    let options: [Option]
    /// Every name under which the scope of a token may list it.
    let names: [String]
    let policy: RoutePolicy
    private let limits: ModelAlias.TimeLimits

    /// The route to one model.
    init(_ option: Option, names: [String]) {
        self.alias = nil
        self.options = [option]
        self.names = names
        self.policy = RoutePolicy()
        self.limits = ModelAlias.TimeLimits()
    }

    /// The route of an alias.
    init(_ alias: ModelAlias, options: [Option]) {
        self.alias = alias.name
        self.options = options
        self.names = [alias.name]
        self.limits = alias.limits
        self.policy = RoutePolicy(
            strategy: alias.strategy,
            staysLocal: alias.staysLocal,
            continuesAfterFirstToken: alias.continuesAfterFirstToken,
            retries: alias.retries,
            hedgeAfter: alias.hedgeAfterMilliseconds.map { .milliseconds($0) },
            total: alias.limits.totalMilliseconds.map { .milliseconds($0) }
        )
    }

    private init(
        _ route: GatewayRoute,
        options: [Option],
        policy: RoutePolicy? = nil,
        limits: ModelAlias.TimeLimits? = nil
    ) {
        self.alias = route.alias
        self.options = options
        self.names = route.names
        self.policy = policy ?? route.policy
        self.limits = limits ?? route.limits
    }

    /// The same route without the models that are not on this machine; `nil` when there are no others.
    func localOnly() -> GatewayRoute? {
        let local = self.options.filter(\.target.isLocal)
        var policy = self.policy
        policy.staysLocal = true
        return local.isEmpty ? nil : GatewayRoute(self, options: local, policy: policy)
    }

    /// The same route, gone through once and given up after `total`.
    func once(within total: Duration) -> GatewayRoute {
        var (policy, limits) = (self.policy, self.limits)
        policy.retries = 0
        policy.total = min(policy.total ?? total, total)
        limits.totalMilliseconds = policy.total?.milliseconds
        return GatewayRoute(self, options: self.options, policy: policy, limits: limits)
    }

    /// The same route without the models that have no price, for a token that may spend only so much; `nil` when there
    /// are no others.
    func pricedOnly() -> GatewayRoute? {
        let priced = self.options.filter { $0.rates != nil }
        return priced.isEmpty ? nil : GatewayRoute(self, options: priced)
    }

    /// How long the first token may take, from the request to its target on.
    var firstToken: Duration? { self.limits.firstTokenMilliseconds.map { .milliseconds($0) } }

    /// The transport's limits for an attempt that begins `elapsed` after the request; `nil` takes its own.
    func transportLimits(after elapsed: Duration) -> HTTPTransport.Limits? {
        guard self.limits != ModelAlias.TimeLimits() else { return nil }
        var limits = HTTPTransport.Limits()
        if let first = self.firstToken { limits.firstByte = first }
        if let gap = self.limits.gapMilliseconds { limits.gap = .milliseconds(gap) }
        if let total = self.policy.total { limits.total = max(.milliseconds(1), total - elapsed) }
        return limits
    }
}
