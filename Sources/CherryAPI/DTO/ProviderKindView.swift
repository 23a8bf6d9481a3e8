import CherryBridge
import CherryCore

/// A kind of provider, as it is sent.
struct ProviderKindView: Encodable, Sendable {
    let kind: Provider.Kind
    let name: String
    let baseURL: String?
    let example: String
    let key: String?
    let hasEmbeddings: Bool

    /// Shows a kind.
    init(_ profile: ProviderProfile) {
        self.kind = profile.kind
        self.name = profile.name
        self.baseURL = profile.baseURL
        self.example = profile.example
        self.key = profile.key
        self.hasEmbeddings = profile.hasEmbeddings
    }
}
