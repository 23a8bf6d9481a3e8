import CherryCore

/// Writes figures in Prometheus' text format 0.0.4 or in OpenMetrics 1.0.
///
/// Sources: the format's description in Prometheus' documentation; the OpenMetrics specification 1.0.0. The two differ in the
/// name of a counter's family, in units, exemplars, the escaping of help, and the last line.
struct TextExposition {
    private let isOpenMetrics: Bool
    private var bytes: [UInt8] = []

    /// The whole text.
    static func render(_ families: [FamilySnapshot], asOpenMetrics: Bool) -> [UInt8] {
        var exposition = Self(isOpenMetrics: asOpenMetrics)
        // A line is about a hundred bytes.
        exposition.bytes.reserveCapacity(families.reduce(0) { $0 + 200 + $1.series.count * 120 })
        for family in families where !family.series.isEmpty { exposition.write(family) }
        if asOpenMetrics { exposition.write("# EOF\n") }
        return exposition.bytes
    }

    private init(isOpenMetrics: Bool) { self.isOpenMetrics = isOpenMetrics }

    private mutating func write(_ family: FamilySnapshot) {
        let declaration = family.declaration
        let name = self.isOpenMetrics ? declaration.family : declaration.name
        let type =
            switch declaration.kind {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        self.write("# HELP \(name) ")
        self.writeHelp(declaration.help)
        self.write("\n# TYPE \(name) \(type)\n")
        if self.isOpenMetrics, let unit = declaration.unit { self.write("# UNIT \(name) \(unit)\n") }
        switch declaration.kind {
        case .counter, .gauge:
            let sample = Array(declaration.name.utf8)
            for series in family.series { self.write(series, as: sample) }
        case .histogram(let shape):
            let names = HistogramNames(declaration.name, shape)
            for series in family.series { self.write(series, as: names) }
        }
    }

    private mutating func write(_ series: FamilySnapshot.Series, as name: [UInt8]) {
        self.bytes += name
        self.writeLabels(series.labels.text)
        switch series.value {
        case .counter(let value, let exemplar):
            self.write(value)
            self.write(exemplar)
        case .gauge(let value): self.write(value)
        case .histogram: break
        }
        self.bytes.append(0x0A)
    }

    private mutating func write(_ series: FamilySnapshot.Series, as names: HistogramNames) {
        guard case .histogram(let value) = series.value else { return }
        let labels = series.labels.text
        var total: UInt64 = 0
        for (slot, count) in value.counts.enumerated() {
            total &+= count
            self.bytes += names.bucket
            self.bytes += labels
            if !labels.isEmpty { self.bytes.append(0x2C) }
            self.bytes += names.bounds[slot]
            self.write(total)
            self.write(value.exemplars[slot])
            self.bytes.append(0x0A)
        }
        self.bytes += names.sum
        self.writeLabels(labels)
        self.write(value.sum)
        self.bytes.append(0x0A)
        self.bytes += names.count
        self.writeLabels(labels)
        self.write(total)
        self.bytes.append(0x0A)
    }

    private mutating func writeLabels(_ labels: [UInt8]) {
        if !labels.isEmpty {
            self.bytes.append(0x7B)
            self.bytes += labels
            self.bytes.append(0x7D)
        }
        self.bytes.append(0x20)
    }

    private mutating func write(_ exemplar: Exemplar?) {
        guard self.isOpenMetrics, let exemplar else { return }
        // 63 of the 128 characters that the labels of an exemplar may have.
        self.write(" # {trace_id=\"\(exemplar.trace.trace)\",span_id=\"\(exemplar.trace.span)\"} ")
        self.write(exemplar.value)
        self.bytes.append(0x20)
        self.write(Double(exemplar.time.milliseconds) / 1000)
    }

    private mutating func writeHelp(_ help: String) {
        for byte in help.utf8 {
            switch byte {
            case 0x5C: self.bytes += [0x5C, 0x5C]
            case 0x0A: self.bytes += [0x5C, 0x6E]
            case 0x22 where self.isOpenMetrics: self.bytes += [0x5C, 0x22]
            default: self.bytes.append(byte)
            }
        }
    }

    private mutating func write(_ text: String) { self.bytes += text.utf8 }

    private mutating func write(_ number: UInt64) {
        guard number >= 10 else { return self.bytes.append(UInt8(0x30 + number)) }
        let start = self.bytes.count
        var rest = number
        while rest > 0 {
            self.bytes.append(UInt8(0x30 + rest % 10))
            rest /= 10
        }
        self.bytes[start...].reverse()
    }

    private mutating func write(_ number: Double) {
        if number >= 0, number < 9e15, number == number.rounded(.towardZero) { return self.write(UInt64(number)) }
        self.bytes += HistogramNames.text(number).utf8
    }
}
