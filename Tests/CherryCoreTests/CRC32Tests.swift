import CherryCore
import Testing

@Suite("CRC-32")
struct CRC32Tests {
    @Test("The check value of the catalogues, and of nothing")
    func known() {
        #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(CRC32.checksum([]) == 0)
    }

    @Test("It is what a bit at a time gives, for every length, and for parts of an array")
    func everyLength() {
        let bytes = (0..<80).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ $0 / 3) }
        for start in 0..<8 {
            for end in start...bytes.count {
                var crc = ~UInt32(0)
                for byte in bytes[start..<end] {
                    crc ^= UInt32(byte)
                    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
                }
                #expect(CRC32.checksum(bytes[start..<end]) == ~crc)
                #expect(CRC32.checksum(Array(bytes[start..<end])) == ~crc)
            }
        }
    }
}
