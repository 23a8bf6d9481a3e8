/// What a metric is called, what it means, and which labels it may have: all that is served is declared so beforehand.
public struct MetricDeclaration: Sendable, Hashable {
    /// How the figures of a metric behave.
    public enum Kind: Sendable, Hashable {
        /// Only grows, from the start of the process.
        case counter
        /// Rises and falls.
        case gauge
        /// How values are distributed.
        case histogram(HistogramShape)
    }

    /// The name as it is written in queries; a counter's ends in `_total`: `cherry_http_requests_total`.
    public let name: String
    public let kind: Kind
    /// What is counted or measured, as the end of the family's name has it: `seconds`, `bytes`; `nil` for plain numbers.
    public let unit: String?
    /// One sentence for whoever reads the figures.
    public let help: String
    public let labels: [MetricLabel]
    /// Whether a series is left out while nothing was recorded: for those that are many, and mostly unused.
    public let isSparse: Bool

    public init(
        _ name: String,
        _ kind: Kind,
        unit: String? = nil,
        help: String,
        labels: [MetricLabel] = [],
        isSparse: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
        self.labels = labels
        self.isSparse = isSparse
    }

    /// The family's name in OpenMetrics: a counter's without `_total`.
    public var family: String {
        self.kind == .counter && self.name.hasSuffix("_total") ? String(self.name.dropLast(6)) : self.name
    }

    /// What is wrong with it, in words for whoever wrote it; empty when it may be served in every format.
    public var faults: [String] {
        var faults: [String] = []
        if !Self.isName(self.name) { faults.append("\(self.name) is no name of a metric") }
        if (self.kind == .counter) != self.name.hasSuffix("_total") {
            faults.append("\(self.name): counters, and only they, end in _total")
        }
        for ending in ["_count", "_sum", "_bucket", "_created", "_info"]
        where self.family.hasSuffix(ending) && !(ending == "_info" && self.kind == .gauge) {
            faults.append("\(self.name): \(ending) belongs to the formats")
        }
        if let unit, !self.family.hasSuffix("_\(unit)") {
            faults.append("\(self.name) does not end in its unit, \(unit)")
        }
        if self.help.isEmpty || !self.help.hasSuffix(".") { faults.append("\(self.name) has no sentence of help") }
        if Set(self.labels.map(\.name)).count < self.labels.count { faults.append("\(self.name) has a label twice") }
        for label in self.labels where !Self.isLabelName(label.name) {
            faults.append("\(self.name): \(label.name) is no name of a label")
        }
        if case .histogram(let shape) = self.kind, !shape.isValid {
            faults.append("\(self.name) has bounds that do not rise, or too many")
        }
        return faults
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
        }
    }

    private static func isLabelName(_ text: String) -> Bool {
        Self.isName(text) && !text.hasPrefix("__") && !["le", "quantile"].contains(text)
    }
}
