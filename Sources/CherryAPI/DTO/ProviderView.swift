import CherryCore

/// A provider as it is sent: without its key, with whether there is one.
struct ProviderView: Encodable, Sendable {
    private enum CodingKeys: String, CodingKey { case hasKey }

    let provider: Provider
    let hasKey: Bool

    func encode(to encoder: any Encoder) throws {
        try self.provider.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.hasKey, forKey: .hasKey)
    }
}
