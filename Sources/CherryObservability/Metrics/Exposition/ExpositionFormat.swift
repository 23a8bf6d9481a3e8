/// In which form the figures are served.
public enum ExpositionFormat: Sendable, Hashable, CaseIterable {
    /// Prometheus' text format 0.0.4.
    case text
    /// OpenMetrics 1.0, with units and exemplars.
    case openMetrics
    /// Prometheus' length-delimited protocol buffers, the only form with native histograms.
    case protobuf

    /// The media type of an answer.
    public var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        case .protobuf:
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
        }
    }

    /// The form that an `Accept` header prefers, by RFC 9110, 12.5.1. Whoever accepts none of them gets plain text.
    public init(accepting header: String?) {
        let ranges = MediaRange.all(in: header ?? "")
        var best: (format: Self, rank: (Int, Int, Int))?
        for format in Self.allCases {
            guard let match = ranges.filter({ $0.includes(format) }).max(by: { $0.precision < $1.precision }),
                match.quality > 0
            else { continue }
            // Of forms that are named, the one that says more; of those that fit anything, the plainest.
            let richness = format.richness * (match.precision > 1 ? 1 : -1)
            let rank = (match.quality, match.precision, richness)
            if let best, best.rank >= rank { continue }
            best = (format, rank)
        }
        self = best?.format ?? .text
    }

    private var richness: Int {
        switch self {
        case .text: 0
        case .openMetrics: 1
        case .protobuf: 2
        }
    }
}
