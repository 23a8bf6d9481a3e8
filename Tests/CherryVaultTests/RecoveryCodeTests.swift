import CherryCore
import Crypto
import Foundation
import Testing

@testable import CherryVault

@Suite("Recovery code")
struct RecoveryCodeTests {
    @Test("A code is nine groups of four characters without I, L, O or U")
    func form() throws {
        let code = RecoveryCode.make()
        #expect(code.groups.exposed.count == 9)
        #expect(code.groups.exposed.allSatisfy { $0.count == 4 })
        #expect(code.formatted.exposed.count == 44)
        #expect(code.formatted.exposed.allSatisfy { "0123456789ABCDEFGHJKMNPQRSTVWXYZ-".contains($0) })
        #expect(code.formatted.exposed != RecoveryCode.make().formatted.exposed)
    }

    /// Worked out by hand: 160 zero bits, then the first 20 bits of SHA-256(twenty zero bytes) = de47c.
    @Test("A code is base32 of the bytes and the start of their SHA-256")
    func known() throws {
        let digest = Array(SHA256.hash(data: Data(count: 20)).prefix(3))
        #expect(digest[0] == 0xDE && digest[1] == 0x47 && digest[2] >> 4 == 0xC)
        let code = RecoveryCode(bytes: SecretBytes([UInt8](repeating: 0, count: 20)))
        // 11011 11001 00011 11100 in Crockford's alphabet.
        #expect(code.formatted.exposed == "0000-0000-0000-0000-0000-0000-0000-0000-VS3W")
    }

    @Test("A code is read however it is typed")
    func lenient() throws {
        for _ in 0..<50 {
            let code = RecoveryCode.make()
            let text = code.formatted.exposed
            let forms = [
                text, text.lowercased(), text.replacing("-", with: ""), text.replacing("-", with: " "),
                text.replacing("-", with: "\u{2013}"), "\n" + text + "\u{00A0}\t", text.replacing("0", with: "O"),
                text.replacing("0", with: "o"), text.replacing("1", with: "I"), text.replacing("1", with: "l"),
                text.replacing("1", with: "i"), text.replacing("1", with: "L"),
            ]
            for form in forms {
                #expect(try RecoveryCode(parsing: form).formatted.exposed == text)
            }
        }
    }

    @Test("Each single mistyped character is noticed, except about one in a million")
    func typos() throws {
        let text = Array(RecoveryCode(bytes: SecretBytes((1...20).map { UInt8($0 * 11) })).formatted.exposed)
        var tried = 0
        for index in text.indices where text[index] != "-" {
            for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" where other != text[index] {
                var typed = text
                typed[index] = other
                tried += 1
                expectError(.malformedRecoveryCode) { try RecoveryCode(parsing: String(typed)) }
            }
        }
        #expect(tried == 36 * 31)
    }

    @Test("Swapped neighbours are noticed")
    func swaps() throws {
        let text = Array(RecoveryCode(bytes: SecretBytes((1...20).map { UInt8($0 * 7) })).groups.exposed.joined())
        for index in text.indices.dropLast() where text[index] != text[index + 1] {
            var typed = text
            typed.swapAt(index, index + 1)
            expectError(.malformedRecoveryCode) { try RecoveryCode(parsing: String(typed)) }
        }
    }

    @Test(
        "What is no code is refused with the reason",
        arguments: [
            ("", "0 characters"), ("ABCD", "4 characters"), (String(repeating: "0", count: 37), "37 characters"),
            (String(repeating: "0", count: 36), "checksum"), (String(repeating: "U", count: 36), "never"),
            (String(repeating: "é", count: 36), "never"), ("ABCD_EFGH", "never"), ("ABCD\u{0}", "never"),
        ]
    )
    func refused(text: String, reason: String) {
        let error = expectError(.malformedRecoveryCode) { try RecoveryCode(parsing: text) }
        #expect(error?.message.contains(reason) == true)
    }
}
