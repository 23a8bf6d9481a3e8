/// One figure that is read at the moment of a scrape.
public struct CollectedSample: Sendable, Hashable {
    /// The declared name of a counter or a gauge.
    public let name: String
    public let labels: [String: String]
    public let value: Double

    public init(_ name: String, labels: [String: String] = [:], _ value: Double) {
        self.name = name
        self.labels = labels
        self.value = value
    }
}
