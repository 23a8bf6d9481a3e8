import CherryCore
import Testing

@Suite("Hexadecimal digits")
struct HexadecimalTests {
    @Test(
        "are as many as the number is wide, in lower case",
        arguments: [
            (0, "0000000000000000"), (0xF, "000000000000000f"), (0x0123_4567_89AB_CDEF, "0123456789abcdef"),
            (.max, "ffffffffffffffff"),
        ] as [(UInt64, String)]
    )
    func digits(number: UInt64, text: String) {
        #expect(number.hexadecimal == text)
        #expect((UInt128(number) << 64 | 0xA).hexadecimal == text + "000000000000000a")
        #expect(UInt64(number.hexadecimal, radix: 16) == number)
    }

    @Test("stand two for each byte")
    func bytes() {
        #expect([UInt8]().hexadecimal.isEmpty)
        #expect((0...255 as ClosedRange<UInt8>).hexadecimal.count == 512)
        #expect(([0, 0x0A, 0x9F, 0xFF] as [UInt8]).hexadecimal == "000a9fff")
    }
}
