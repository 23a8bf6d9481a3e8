import Synchronization

/// How the circuit breaker of one model stands, with names that may be shown to whoever operates the server.
public struct BreakerReport: Sendable, Hashable {
    /// `other` for what is not among the user's providers.
    public let provider: String
    /// `other` for what neither the user nor the provider has named.
    public let model: String
    /// `closed`, `halfOpen` or `open`.
    public let state: String
}

extension Gateway {
    /// The breakers of all models that have failed since the unlock.
    /// Of several models that share their names, the worst one.
    public var breakers: [BreakerReport] {
        let states = ["closed", "halfOpen", "open"]
        var worst: [[String]: Int] = [:]
        for (model, breaker) in self.state.withLock({ $0.breakers }) {
            let (provider, name) = self.metrics.labels(of: model)
            let state =
                switch breaker.state {
                case .closed: 0
                case .halfOpen: 1
                case .open: 2
                }
            worst[[provider, name], default: 0] = max(worst[[provider, name]] ?? 0, state)
        }
        return worst.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { names, state in
            BreakerReport(provider: names[0], model: names[1], state: states[state])
        }
    }
}
