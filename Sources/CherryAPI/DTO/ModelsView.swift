import CherryAssistant
import CherryBridge
import CherryCore

/// The models that can be chosen, as they are sent.
struct ModelsView: Encodable, Sendable {
    /// One model.
    struct Item: Encodable, Sendable {
        let providerID: RecordID
        let providerName: String
        let model: String
        let isLocal: Bool
        let isTiny: Bool
        let contextLength: Int?
        let capabilities: [ModelCapability]?
    }

    /// A provider that did not answer.
    struct Unreachable: Encodable, Sendable {
        let providerID: RecordID
        let error: FailureView
    }

    let items: [Item]
    let `default`: ModelReference
    let unreachable: [Unreachable]

    /// Shows a listing.
    init(_ listing: ModelListing) {
        self.items = listing.items.map { item in
            Item(
                providerID: item.reference.providerID,
                providerName: item.providerName,
                model: item.reference.model,
                isLocal: item.isLocal,
                isTiny: item.isTiny,
                contextLength: item.contextLength,
                capabilities: item.capabilities.map { can in ModelCapability.allCases.filter(can.contains) }
            )
        }
        self.default = listing.defaultModel
        self.unreachable = listing.unreachable.map { provider in
            Unreachable(providerID: provider.providerID, error: FailureView(provider.error))
        }
    }
}
