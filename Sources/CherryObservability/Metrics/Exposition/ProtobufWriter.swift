/// Writes the wire format of protocol buffers, as far as the exposition needs it.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            self.bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.bytes.append(UInt8(rest))
    }

    mutating func field(_ number: Int, unsigned value: UInt64) {
        self.tag(number, wire: 0)
        self.varint(value)
    }

    /// A `sint32` or `sint64`, in zigzag form.
    mutating func field(_ number: Int, signed value: Int64) {
        self.tag(number, wire: 0)
        self.varint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    mutating func field(_ number: Int, double value: Double) {
        self.tag(number, wire: 1)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { self.bytes += $0 }
    }

    mutating func field(_ number: Int, text: String) {
        self.tag(number, wire: 2)
        self.varint(UInt64(text.utf8.count))
        self.bytes += text.utf8
    }

    mutating func field(_ number: Int, message: ProtobufWriter) {
        self.tag(number, wire: 2)
        self.append(delimited: message)
    }

    /// A message after its length.
    mutating func append(delimited message: ProtobufWriter) {
        self.varint(UInt64(message.bytes.count))
        self.bytes += message.bytes
    }

    private mutating func tag(_ number: Int, wire: UInt64) { self.varint(UInt64(number) << 3 | wire) }
}
