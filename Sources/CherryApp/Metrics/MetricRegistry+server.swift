import CherryAPI
import CherryBridge
import CherryObservability
import CherryVault

extension MetricRegistry {
    /// Where this process keeps its figures, whether anybody reads them or not.
    static func forServer() -> MetricRegistry {
        let registry = MetricRegistry(MetricCatalogue.all)
        ProcessMetrics.collect(into: registry, identity: .thisProgram)
        registry.collect { ProcessTracer.shared.samples }
        return registry
    }

    /// Reads what the parts know of themselves, whenever figures are read.
    func collect(from parts: Parts) {
        let (vault, gateway, api) = (parts.vault, parts.gateway, parts.api)
        // The interface holds the figures: held in turn, nothing would ever end, the database's file not be closed.
        self.collect { [weak vault, weak gateway, weak api] in
            guard let vault, let gateway, let api else { return [] }
            let open = api.openCounts
            var samples = [
                CollectedSample("cherry_http_open_streams", labels: ["kind": "browser"], Double(open.browserStreams)),
                CollectedSample("cherry_http_open_streams", labels: ["kind": "door"], Double(open.doorStreams)),
                CollectedSample("cherry_hub_connections", Double(open.hubConnections)),
            ]
            let state = vault.state.name
            for name in ["uninitialized", "sealed", "unlocked"] {
                samples.append(CollectedSample("cherry_vault_state", labels: ["state": name], name == state ? 1 : 0))
            }
            for breaker in gateway.breakers {
                for name in ["closed", "halfOpen", "open"] {
                    let labels = ["provider": breaker.provider, "model": breaker.model, "state": name]
                    samples.append(
                        CollectedSample("cherry_model_breaker_state", labels: labels, name == breaker.state ? 1 : 0)
                    )
                }
            }
            return samples
        }
    }
}
