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
    public var breakers: [BreakerReport] {
        self.state.withLock { $0.breakers }.map { model, breaker in
            let (provider, name) = self.metrics.labels(of: model)
            let state =
                switch breaker.state {
                case .closed: "closed"
                case .halfOpen: "halfOpen"
                case .open: "open"
                }
            return BreakerReport(provider: provider, model: name, state: state)
        }
    }
}
