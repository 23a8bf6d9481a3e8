/// Every metric of the product. What is not here is not served.
public enum MetricCatalogue {
    /// All of them, in the order of the exposition.
    public static let all: [MetricDeclaration] =
        Self.http + Self.models + Self.library + Self.storage + Self.vault + Self.journal + Self.traces
        + ProcessMetrics.declarations
}
