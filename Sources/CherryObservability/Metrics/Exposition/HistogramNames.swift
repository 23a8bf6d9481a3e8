/// What the lines of one histogram have in common, put together once.
struct HistogramNames {
    /// Up to the labels: `x_seconds_bucket{`.
    let bucket: [UInt8]
    /// From the bound to the figure: `le="0.5"} `; the last is `le="+Inf"} `.
    let bounds: [[UInt8]]
    let sum: [UInt8]
    let count: [UInt8]

    init(_ name: String, _ shape: HistogramShape) {
        self.bucket = Array("\(name)_bucket{".utf8)
        // With its fraction, as OpenMetrics wants it, in both formats: else they would name different series.
        self.bounds = shape.bounds.map { Array("le=\"\(Self.text($0))\"} ".utf8) } + [Array("le=\"+Inf\"} ".utf8)]
        self.sum = Array("\(name)_sum".utf8)
        self.count = Array("\(name)_count".utf8)
    }

    /// The shortest text that reads as the same number.
    static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number > 0 ? "+Inf" : "-Inf" }
        return number.description
    }
}
