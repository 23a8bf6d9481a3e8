/// Reads what `ByteWriter` wrote. Anything short or odd is an error, never a trap.
struct ByteReader {
    struct Malformed: Error {}

    private let bytes: ArraySlice<UInt8>
    private var offset: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        self.offset = bytes.startIndex
    }

    var isAtEnd: Bool { self.offset == self.bytes.endIndex }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(Malformed) -> Number {
        let count = Number.bitWidth / 8
        guard self.bytes.endIndex - self.offset >= count else { throw Malformed() }
        var value: Number = 0
        for index in (0..<count).reversed() {
            // Shifting by the whole width is defined in Swift and leaves zero.
            value = value << 8 | Number(truncatingIfNeeded: self.bytes[self.offset + index])
        }
        self.offset += count
        return value
    }

    mutating func text() throws(Malformed) -> String {
        let count = Int(try self.number(UInt8.self))
        return String(decoding: try self.take(count), as: UTF8.self)
    }

    mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count >= 0, self.bytes.endIndex - self.offset >= count else { throw Malformed() }
        defer { self.offset += count }
        return self.bytes[self.offset..<self.offset + count]
    }

    mutating func rest() throws(Malformed) -> ArraySlice<UInt8> {
        try self.take(self.bytes.endIndex - self.offset)
    }
}
