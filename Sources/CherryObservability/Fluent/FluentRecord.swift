/// One event of the forward protocol: <https://github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1>.
struct FluentRecord: Sendable {
    let time: LogTime
    /// In the order in which they are sent.
    let fields: [(name: String, value: LogValue)]

    /// The event as an entry: an array of time and record.
    func write(to writer: inout MessagePackWriter) {
        writer.writeArrayHeader(2)
        writer.write(Self.eventTime(self.time))
        self.writeFields(to: &writer)
    }

    /// The map of fields.
    func writeFields(to writer: inout MessagePackWriter) {
        writer.writeMapHeader(self.fields.count)
        for (name, value) in self.fields {
            writer.write(name)
            switch value {
            case .text(let text): writer.write(text)
            case .integer(let number): writer.write(number)
            }
        }
    }

    /// A moment as EventTime: extension type 0 with seconds and nanoseconds, 32 bits each.
    static func eventTime(_ time: LogTime) -> MessagePackValue {
        let (seconds, microseconds) = time.parts
        let numbers = [UInt32(truncatingIfNeeded: seconds), UInt32(microseconds * 1000)]
        return .ext(type: 0, bytes: numbers.flatMap { number in withUnsafeBytes(of: number.bigEndian, Array.init) })
    }
}
