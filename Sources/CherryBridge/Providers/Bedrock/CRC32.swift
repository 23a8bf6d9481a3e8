/// The checksum of gzip, PNG and AWS event streams (ISO 3309, polynomial 0x04C11DB7 reflected).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in
            value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320
        }
    }

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { value, byte in
            self.table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8
        }
    }
}
