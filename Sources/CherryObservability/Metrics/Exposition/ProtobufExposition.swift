import CherryCore

/// Writes figures as the length-delimited `MetricFamily` messages of Prometheus' client model, with native histograms.
///
/// The field numbers are those of `io/prometheus/client/metrics.proto`.
enum ProtobufExposition {
    /// All families, each after its length.
    static func render(_ families: [FamilySnapshot]) -> [UInt8] {
        var writer = ProtobufWriter()
        for family in families where !family.series.isEmpty { writer.append(delimited: Self.message(family)) }
        return writer.bytes
    }

    private static func message(_ family: FamilySnapshot) -> ProtobufWriter {
        var message = ProtobufWriter()
        message.field(1, text: family.declaration.name)
        message.field(2, text: family.declaration.help)
        let type: UInt64 =
            switch family.declaration.kind {
            case .counter: 0
            case .gauge: 1
            case .histogram: 4
            }
        message.field(3, unsigned: type)
        for series in family.series { message.field(4, message: Self.metric(series)) }
        return message
    }

    private static func metric(_ series: FamilySnapshot.Series) -> ProtobufWriter {
        var message = ProtobufWriter()
        for (name, value) in series.labels.pairs { message.field(1, message: Self.label(name, value)) }
        var inner = ProtobufWriter()
        switch series.value {
        case .gauge(let value):
            inner.field(1, double: value)
            message.field(2, message: inner)
        case .counter(let value, let exemplar):
            inner.field(1, double: value)
            if let exemplar { inner.field(2, message: Self.exemplar(exemplar)) }
            message.field(3, message: inner)
        case .histogram(let value): message.field(7, message: Self.histogram(value))
        }
        return message
    }

    private static func label(_ name: String, _ value: String) -> ProtobufWriter {
        var message = ProtobufWriter()
        message.field(1, text: name)
        message.field(2, text: value)
        return message
    }

    private static func exemplar(_ exemplar: Exemplar) -> ProtobufWriter {
        var message = ProtobufWriter()
        message.field(1, message: Self.label("trace_id", "\(exemplar.trace.trace)"))
        message.field(1, message: Self.label("span_id", "\(exemplar.trace.span)"))
        message.field(2, double: exemplar.value)
        var time = ProtobufWriter()
        let milliseconds = UInt64(max(0, exemplar.time.milliseconds))
        time.field(1, unsigned: milliseconds / 1000)
        time.field(2, unsigned: milliseconds % 1000 * 1_000_000)
        message.field(3, message: time)
        return message
    }

    private static func histogram(_ value: HistogramValue) -> ProtobufWriter {
        var message = ProtobufWriter()
        let native = value.native
        message.field(1, unsigned: native?.count ?? value.count)
        message.field(2, double: value.sum)
        var total: UInt64 = 0
        // The one without a bound is the count.
        for (slot, bound) in value.bounds.enumerated() {
            total &+= value.counts[slot]
            var bucket = ProtobufWriter()
            bucket.field(1, unsigned: total)
            bucket.field(2, double: bound)
            if let exemplar = value.exemplars[slot] { bucket.field(3, message: Self.exemplar(exemplar)) }
            message.field(3, message: bucket)
        }
        if let native { Self.write(native, to: &message) }
        return message
    }

    private static func write(_ native: NativeHistogramValue, to message: inout ProtobufWriter) {
        message.field(5, signed: Int64(NativeBuckets.schema))
        message.field(6, double: native.zeroThreshold)
        message.field(7, unsigned: native.zeros)
        let spans = NativeSpan.all(in: native)
        for span in spans {
            var inner = ProtobufWriter()
            inner.field(1, signed: Int64(span.offset))
            inner.field(2, unsigned: UInt64(span.counts.count))
            message.field(12, message: inner)
        }
        var before: UInt64 = 0
        for count in spans.flatMap(\.counts) {
            message.field(13, signed: Int64(bitPattern: count &- before))
            before = count
        }
    }
}
