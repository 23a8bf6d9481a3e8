import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryVault

@Suite("Log-in keys")
struct LoginKeysTests {
    /// Answers from Python's hashlib, hmac and unicodedata.
    @Test(
        "A passphrase gives the same keys as anywhere else, composed or decomposed",
        arguments: [
            (
                "correct horse battery staple",
                "15200e5be6f650a3d35ca0a514200cd6e9c0822d343cdffc2b59c824975bfd46",
                "3bb69c9b26ff0147ad73c78fda0da5b710eeedbba78f9c45aceb909301204b7d"
            ),
            (
                "\u{FB01}ne \u{FF21}\u{0301} \u{210C} passphrase",
                "65d589972ccb2c37a68723abf87f0fe24cd60c3f5121258f48563653ae3b8ea5",
                "6085ead8d4ed958df0cc1be25c320a30a676530c77e8eee7acd3adc5c53c18db"
            ),
            (
                "fine \u{00C1} H passphrase",
                "65d589972ccb2c37a68723abf87f0fe24cd60c3f5121258f48563653ae3b8ea5",
                "6085ead8d4ed958df0cc1be25c320a30a676530c77e8eee7acd3adc5c53c18db"
            ),
        ]
    )
    func known(passphrase: String, authKey: String, unsealKey: String) async throws {
        let kdf = KDFParameters(iterations: 600_000, salt: Data(0..<16))
        let login = try await LoginKeys.derive(passphrase: Secret(passphrase), kdf: kdf)
        #expect(login.authKey.withBytes { Data($0) } == Data(hex: authKey))
        #expect(login.unsealKey.withBytes { Data($0) } == Data(hex: unsealKey))
    }

    @Test("An empty passphrase is stretched like any other")
    func empty() async throws {
        let login = try await LoginKeys.derive(passphrase: Secret(""), kdf: .make())
        #expect(login.authKey.count == 32)
    }

    @Test(
        "Parameters outside the bounds are refused before anything is derived",
        arguments: [
            KDFParameters(iterations: 599_999, salt: Data(count: 16)),
            KDFParameters(iterations: 10_000_001, salt: Data(count: 16)),
            KDFParameters(iterations: -1, salt: Data(count: 16)),
            KDFParameters(iterations: 600_000, salt: Data(count: 15)),
            KDFParameters(iterations: 600_000, salt: Data(count: 17)),
            KDFParameters(algorithm: "pbkdf2-sha1", iterations: 600_000, salt: Data(count: 16)),
        ]
    )
    func bounds(kdf: KDFParameters) async throws {
        await expectError(.weakKDF) { try await LoginKeys.derive(passphrase: Secret("anything"), kdf: kdf) }
        let vault = try Vault(keyStore: FileKeyStore(path: "/nonexistent/vault.json"), configuration: .testing)
        await expectError(.weakKDF) { try await vault.create(login: .fixture(1), kdf: kdf) }
    }

    @Test("Parameters are JSON with the salt in base64url, and fresh ones have a fresh salt")
    func json() throws {
        let kdf = KDFParameters(iterations: 600_000, salt: Data(repeating: 0xFB, count: 16))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = String(decoding: try encoder.encode(kdf), as: UTF8.self)
        #expect(json == #"{"algorithm":"pbkdf2-sha256","iterations":600000,"salt":"-_v7-_v7-_v7-_v7-_v7-w"}"#)
        #expect(try JSONDecoder().decode(KDFParameters.self, from: Data(json.utf8)) == kdf)
        #expect(KDFParameters.make().salt != KDFParameters.make().salt)
        #expect(throws: Never.self) { try KDFParameters.make().validate() }
    }

    @Test("Base64url has one text for each value and refuses every other")
    func base64URL() {
        for count in 0..<50 {
            let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ count) })
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        for text in ["-_v7=", "+/v7", "-_v7-", "-_v7-x", "-_v7 -w", "-_v7-w\n", "-_v7-é", "AB", "A"] {
            #expect(Base64URL.decode(text) == nil, "\(text)")
        }
    }
}
