/// One message of an AWS event stream ("Event stream encoding"): a prelude with its checksum, headers, payload, checksum.
struct EventStreamMessage {
    /// In order; all values are texts.
    var headers: [(name: String, value: String)]
    var payload: [UInt8]

    /// The value type of texts.
    private static let textType: UInt8 = 7

    var bytes: [UInt8] {
        var headers: [UInt8] = []
        for (name, value) in self.headers {
            headers.append(UInt8(name.utf8.count))
            headers += name.utf8
            headers.append(Self.textType)
            headers += Self.bigEndian(UInt16(value.utf8.count))
            headers += value.utf8
        }
        var bytes = Self.bigEndian(UInt32(16 + headers.count + self.payload.count))
        bytes += Self.bigEndian(UInt32(headers.count))
        bytes += Self.bigEndian(CRC32.of(bytes))
        bytes += headers
        bytes += self.payload
        bytes += Self.bigEndian(CRC32.of(bytes))
        return bytes
    }

    private static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
