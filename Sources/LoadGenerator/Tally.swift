import CherryCore

/// What a run measured.
struct Tally: Sendable {
    var answers = 0
    var events = 0
    var bytes = 0
    /// From the request to the end of its answer.
    var latency = Histogram()
    /// From the request to the first byte of its answer's body.
    var firstByte = Histogram()
    /// What went wrong, and how often.
    var errors: [String: Int] = [:]
    /// Answers that were open together.
    var held = 0

    /// The result as one line of JSON; times are in microseconds.
    func line(seconds: Double) -> String {
        var value: JSONValue = [
            "answers": .integer(Int64(self.answers)), "seconds": .number(seconds),
            "perSecond": .number(Double(self.answers) / seconds), "events": .integer(Int64(self.events)),
            "eventsPerSecond": .number(Double(self.events) / seconds), "bytes": .integer(Int64(self.bytes)),
            "latency": Self.times(self.latency), "firstByte": Self.times(self.firstByte),
            "held": .integer(Int64(self.held)),
        ]
        let errors = self.errors.sorted { $0.key < $1.key }
        value["errors"] = .object(JSONObject(errors.map { ($0.key, .integer(Int64($0.value))) }))
        return value.text
    }

    private static func times(_ histogram: Histogram) -> JSONValue {
        let tenths = { (value: Int) in JSONValue.number(Double(value) / 10) }
        guard histogram.count > 0 else { return .null }
        return [
            "lowest": tenths(histogram.lowest), "median": tenths(histogram.percentile(0.5)),
            "p90": tenths(histogram.percentile(0.9)), "p99": tenths(histogram.percentile(0.99)),
            "highest": tenths(histogram.highest), "mean": tenths(histogram.sum / histogram.count),
        ]
    }
}
