import CherryCore
import Metrics
import Synchronization

/// The instruments of all models that the user set up or that providers list. What a request names besides is `other`:
/// no word of a request becomes a label.
final class GatewayMetrics: Sendable {
    private struct State {
        var slugs: [RecordID: String] = [:]
        var known: Set<ModelReference> = []
        var models: [ModelReference: ModelMetrics] = [:]
    }

    private static let other = "other"

    private let factory: any MetricsFactory
    private let state = Mutex(State())

    init(factory: any MetricsFactory = MetricsSystem.factory) { self.factory = factory }

    /// Learns the names of what the user set.
    func learn(_ catalogue: GatewayCatalogue) {
        self.state.withLock { state in
            state.slugs = Dictionary(
                catalogue.members.map { ($0.id, $0.slug) },
                uniquingKeysWith: { first, _ in first }
            )
            state.known = state.known.filter { state.slugs[$0.providerID] != nil }
            for member in catalogue.members {
                guard let model = member.defaultModel else { continue }
                state.known.insert(ModelReference(providerID: member.id, model: model))
            }
            for alias in catalogue.aliases { state.known.formUnion(alias.targets.map(\.model)) }
            state.models.removeAll()
        }
    }

    /// Learns which models a provider has.
    func learn(_ models: [ModelDescription], of provider: RecordID) {
        self.state.withLock { state in
            state.known.formUnion(models.map { ModelReference(providerID: provider, model: $0.id) })
            // One that was not known may be now.
            state.models.removeAll()
        }
    }

    /// The instruments of a model.
    subscript(model: ModelReference) -> ModelMetrics {
        self.state.withLock { state in
            if let known = state.models[model] { return known }
            // All that are not known share one place, so that requests cannot fill the memory.
            let isKnown = state.known.contains(model)
            let place = isKnown ? model : ModelReference(providerID: model.providerID, model: "")
            if let known = state.models[place] { return known }
            let (provider, name) = Self.labels(of: model, in: state)
            let metrics = ModelMetrics(provider: provider, model: name, factory: self.factory)
            state.models[place] = metrics
            return metrics
        }
    }

    /// The provider and the model as labels have them.
    func labels(of model: ModelReference) -> (provider: String, model: String) {
        self.state.withLock { Self.labels(of: model, in: $0) }
    }

    /// Another attempt begins within one exchange.
    func noteAttempt(at model: ModelReference, after other: ModelReference?) {
        if model == other { self[model].retries.increment() } else { self[model].failovers.increment() }
    }

    private static func labels(of model: ModelReference, in state: State) -> (String, String) {
        (state.slugs[model.providerID] ?? Self.other, state.known.contains(model) ? model.model : Self.other)
    }
}
