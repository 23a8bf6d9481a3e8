/// Packs bytes as gzip (RFC 1952) in stored blocks (RFC 1951, 3.2.4): nothing gets smaller, but whoever reads it must unpack
/// it, and every piece can be read as soon as it is there.
struct StoredGzip {
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    private static let longestBlock = 0xFFFF

    private var crc = CRC32()
    private var length: UInt32 = 0
    private var hasBegun = false

    /// What `bytes` become.
    mutating func pack(_ bytes: [UInt8]) -> [UInt8] {
        var packed = self.begin()
        self.crc.update(bytes)
        self.length &+= UInt32(truncatingIfNeeded: bytes.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            packed += Self.block(rest.prefix(Self.longestBlock), isLast: false)
            rest = rest.dropFirst(Self.longestBlock)
        }
        return packed
    }

    /// What stands at the end.
    mutating func finish() -> [UInt8] {
        self.begin() + Self.block([], isLast: true) + Self.littleEndian(self.crc.value) + Self.littleEndian(self.length)
    }

    private mutating func begin() -> [UInt8] {
        defer { self.hasBegun = true }
        return self.hasBegun ? [] : Self.header
    }

    private static func block(_ bytes: ArraySlice<UInt8>, isLast: Bool) -> [UInt8] {
        let count = UInt16(bytes.count)
        return [isLast ? 1 : 0] + self.littleEndian(count) + self.littleEndian(~count) + bytes
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
