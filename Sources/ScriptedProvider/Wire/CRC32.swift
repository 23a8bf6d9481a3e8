/// The checksum of gzip and of AWS event streams (RFC 1952, section 8).
struct CRC32 {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    private var state: UInt32 = 0xFFFF_FFFF

    /// The checksum of everything so far.
    var value: UInt32 { ~self.state }

    mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { self.state = Self.table[Int((self.state ^ UInt32(byte)) & 0xFF)] ^ (self.state >> 8) }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var crc = Self()
        crc.update(bytes)
        return crc.value
    }
}
