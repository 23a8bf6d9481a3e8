import Testing

@testable import CherryObservability

@Suite("Harmless text")
struct LogTextTests {
    @Test("Plain text and other scripts stay as they are", arguments: ["", "plain ~", "größe", "日本語", "🍒", "a\u{301}"])
    func unchanged(_ text: String) { #expect(LogText.clean(text, limit: 100) == text) }

    @Test("Every control character and every one that hides or turns text is spelled out")
    func spelledOut() {
        let marks =
            Array(0x00...0x1f) + Array(0x7f...0x9f) + Array(0x202a...0x202e) + Array(0x2066...0x2069)
            + [0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0xfeff, 0xe0041, 0xe000]
        for mark in marks {
            guard let scalar = Unicode.Scalar(UInt32(mark)) else { continue }
            #expect(LogText.clean("a\(scalar)b", limit: 100) == "a\\u{\(String(mark, radix: 16))}b")
        }
    }

    @Test("A cut text fits its limit, wherever it is cut", arguments: 3...40)
    func limits(limit: Int) {
        let text = LogText.clean("ab\u{1b}ü🍒\n日本語 and some more words", limit: limit)
        #expect(text.utf8.count <= limit)
    }
}
