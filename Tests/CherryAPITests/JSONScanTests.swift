import CherryCore
import Testing

@testable import CherryAPI

@Suite("A look over JSON before it is decoded")
struct JSONScanTests {
    private func refusal(_ bytes: [UInt8]) -> JSONScan.Refusal? {
        do {
            try JSONScan.check(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("Sixty-four levels pass, sixty-five do not", arguments: [("[", "]"), ("{\"a\":", "}")])
    func depth(open: String, close: String) {
        let fits = String(repeating: open, count: 64) + "1" + String(repeating: close, count: 64)
        #expect(self.refusal(Array(fits.utf8)) == nil)
        let deep = String(repeating: open, count: 65)
        #expect(self.refusal(Array(deep.utf8)) == .tooDeep)
    }

    @Test("Brackets in texts do not nest, whatever is escaped around them")
    func strings() {
        let brackets = String(repeating: "[{", count: 100)
        #expect(self.refusal(Array("{\"a\":\"\(brackets)\"}".utf8)) == nil)
        #expect(self.refusal(Array("{\"a\":\"\\\"\(brackets)\"}".utf8)) == nil)
        #expect(self.refusal(Array("{\"a\":\"é\\\\\"}\(brackets)".utf8)) == .tooDeep)
        #expect(self.refusal(Array("\"\\é\"".utf8)) == nil)
    }

    @Test(
        "A text that ends early or closes too often is found",
        arguments: ["{", "[1", "\"a", "{\"a\":[}", "]", "[]]", "\"\\\""]
    )
    func unbalanced(text: String) {
        #expect(self.refusal(Array(text.utf8)) == .unbalanced)
    }

    @Test("Siblings do not add up")
    func siblings() {
        let many = "[" + Array(repeating: "[1]", count: 1000).joined(separator: ",") + "]"
        #expect(self.refusal(Array(many.utf8)) == nil)
    }

    @Test(
        "Bytes that are no UTF-8 are found",
        arguments: [
            [0xff], [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xc3], [0xc3, 0x28], [0xe0, 0x80, 0x80], [0xe2, 0x82],
            [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80],
            [0xe2, 0x28, 0xa1],
        ] as [[UInt8]]
    )
    func invalid(bytes: [UInt8]) {
        #expect(self.refusal([0x22] + bytes + [0x22]) == .invalidUTF8)
        #expect(String(validating: bytes, as: UTF8.self) == nil)
    }

    @Test("Every scalar of the language passes")
    func valid() {
        for text in ["a\u{7f}\u{80}\u{7ff}\u{800}\u{d7ff}\u{e000}\u{ffff}\u{10000}\u{10ffff}", "🍒", ""] {
            #expect(self.refusal(Array("\"\(text)\"".utf8)) == nil)
        }
    }
}
