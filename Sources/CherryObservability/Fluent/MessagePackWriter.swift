/// Writes values in the shortest form that MessagePack has for each.
struct MessagePackWriter {
    private(set) var bytes: [UInt8] = []

    /// The bytes of one value.
    static func bytes(_ value: MessagePackValue) -> [UInt8] {
        var writer = Self()
        writer.write(value)
        return writer.bytes
    }

    mutating func write(_ value: MessagePackValue) {
        switch value {
        case .null: self.bytes.append(0xc0)
        case .bool(let value): self.bytes.append(value ? 0xc3 : 0xc2)
        case .integer(let value): self.write(value)
        case .large(let value): self.write(0xcf, value)
        case .number(let value): self.write(0xcb, value.bitPattern)
        case .string(let text): self.write(text)
        case .binary(let bytes):
            self.writeLength(bytes.count, one: 0xc4, two: 0xc5, four: 0xc6)
            self.bytes += bytes
        case .array(let elements):
            self.writeArrayHeader(elements.count)
            for element in elements { self.write(element) }
        case .map(let members):
            self.writeMapHeader(members.count)
            for member in members {
                self.write(member.key)
                self.write(member.value)
            }
        case .ext(let type, let bytes): self.writeExtension(type, bytes)
        }
    }

    /// The beginning of an array; its elements follow.
    mutating func writeArrayHeader(_ count: Int) {
        self.writeHeader(count, short: 0x90, two: 0xdc, four: 0xdd)
    }

    /// The beginning of a map; its keys and values follow in turn.
    mutating func writeMapHeader(_ count: Int) {
        self.writeHeader(count, short: 0x80, two: 0xde, four: 0xdf)
    }

    mutating func write(_ text: String) {
        let utf8 = text.utf8
        if utf8.count < 32 {
            self.bytes.append(0xa0 | UInt8(utf8.count))
        } else {
            self.writeLength(utf8.count, one: 0xd9, two: 0xda, four: 0xdb)
        }
        self.bytes += utf8
    }

    mutating func write(_ value: Int64) {
        switch value {
        case 0...0x7f: self.bytes.append(UInt8(value))
        case -32..<0: self.bytes.append(UInt8(truncatingIfNeeded: value))
        case 0...0xff: self.write(0xcc, UInt8(value))
        case 0...0xffff: self.write(0xcd, UInt16(value))
        case 0...0xffff_ffff: self.write(0xce, UInt32(value))
        case 0...: self.write(0xcf, UInt64(value))
        case -0x80..<0: self.write(0xd0, UInt8(truncatingIfNeeded: value))
        case -0x8000..<0: self.write(0xd1, UInt16(truncatingIfNeeded: value))
        case -0x8000_0000..<0: self.write(0xd2, UInt32(truncatingIfNeeded: value))
        default: self.write(0xd3, UInt64(bitPattern: value))
        }
    }

    private mutating func writeExtension(_ type: Int8, _ bytes: [UInt8]) {
        switch bytes.count {
        case 1: self.bytes.append(0xd4)
        case 2: self.bytes.append(0xd5)
        case 4: self.bytes.append(0xd6)
        case 8: self.bytes.append(0xd7)
        case 16: self.bytes.append(0xd8)
        default: self.writeLength(bytes.count, one: 0xc7, two: 0xc8, four: 0xc9)
        }
        self.bytes.append(UInt8(bitPattern: type))
        self.bytes += bytes
    }

    private mutating func writeHeader(_ count: Int, short: UInt8, two: UInt8, four: UInt8) {
        switch count {
        case ..<16: self.bytes.append(short | UInt8(count))
        case ...0xffff: self.write(two, UInt16(count))
        default: self.write(four, UInt32(count))
        }
    }

    private mutating func writeLength(_ count: Int, one: UInt8, two: UInt8, four: UInt8) {
        switch count {
        case ...0xff: self.write(one, UInt8(count))
        case ...0xffff: self.write(two, UInt16(count))
        default: self.write(four, UInt32(count))
        }
    }

    private mutating func write<Number: FixedWidthInteger>(_ mark: UInt8, _ number: Number) {
        self.bytes.append(mark)
        withUnsafeBytes(of: number.bigEndian) { self.bytes += $0 }
    }
}
