import CherryCore
import Crypto
import Foundation
import Testing

@testable import CherryVault

/// Each valid case must be accepted and each invalid one refused.
@Suite("Wycheproof vectors", .needsVectors)
struct WycheproofTests {
    struct AEADCase: Decodable, Sendable {
        let tcId: Int
        let flags: [String]
        let key, iv, aad, msg, ct, tag, result: String
    }

    @Test("AES-GCM: every case with the vault's key and nonce length, through the vault's own cipher")
    func vaultCipher() throws {
        var count = 0
        for group in try Wycheproof<AEADCase>.load("aes_gcm_test.json").testGroups
        where group.ivSize == 96 && group.keySize == 256 {
            for test in group.tests {
                count += 1
                let key = SymmetricKey(data: Data(hex: test.key))
                let aad = Data(hex: test.aad)
                let combined = Data(hex: test.iv + test.ct + test.tag)
                if test.result == "valid" {
                    let nonce = try AES.GCM.Nonce(data: Data(hex: test.iv))
                    let sealed = try AEAD.seal(Data(hex: test.msg), key: key, nonce: nonce, associatedData: aad)
                    #expect(sealed == combined, "case \(test.tcId)")
                    #expect(
                        try AEAD.open(combined, key: key, associatedData: aad) == Data(hex: test.msg),
                        "case \(test.tcId)"
                    )
                } else {
                    expectError(.tampered) { try AEAD.open(combined, key: key, associatedData: aad) }
                }
            }
        }
        #expect(count == 66)
    }

    @Test(
        "AES-GCM: every case with another key or nonce length, through swift-crypto, which refuses nonces below 96 bits"
    )
    func otherSizes() throws {
        let file = try Wycheproof<AEADCase>.load("aes_gcm_test.json")
        var computed = 0
        var refused = 0
        for group in file.testGroups where group.ivSize != 96 || group.keySize != 256 {
            for test in group.tests {
                let key = SymmetricKey(data: Data(hex: test.key))
                guard Data(hex: test.iv).count >= 12 else {
                    // The vault never uses such nonces, and the library has no way to: valid ones too are refused.
                    #expect(throws: (any Error).self, "case \(test.tcId)") {
                        try AES.GCM.Nonce(data: Data(hex: test.iv))
                    }
                    refused += 1
                    continue
                }
                computed += 1
                let nonce = try AES.GCM.Nonce(data: Data(hex: test.iv))
                let box = try AES.GCM.SealedBox(nonce: nonce, ciphertext: Data(hex: test.ct), tag: Data(hex: test.tag))
                let opened = try? AES.GCM.open(box, using: key, authenticating: Data(hex: test.aad))
                #expect(opened == (test.result == "valid" ? Data(hex: test.msg) : nil), "case \(test.tcId)")
                guard test.result == "valid" else { continue }
                let sealed = try AES.GCM.seal(
                    Data(hex: test.msg),
                    using: key,
                    nonce: nonce,
                    authenticating: Data(hex: test.aad)
                )
                #expect(sealed.ciphertext + sealed.tag == Data(hex: test.ct + test.tag), "case \(test.tcId)")
            }
        }
        #expect(refused == 43)
        #expect(computed + refused + 66 == file.numberOfTests)
    }

    struct HKDFCase: Decodable, Sendable {
        let tcId, size: Int
        let ikm, salt, info, okm, result: String
    }

    @Test("HKDF-SHA256: every case, through the vault's derivation")
    func hkdf() throws {
        let file = try Wycheproof<HKDFCase>.load("hkdf_sha256_test.json")
        var count = 0
        for test in file.testGroups.flatMap(\.tests) {
            count += 1
            let derived = try? Derivation.hkdf(
                SymmetricKey(data: Data(hex: test.ikm)),
                salt: Data(hex: test.salt),
                info: Data(hex: test.info),
                count: test.size
            )
            let expected = test.result == "valid" ? Data(hex: test.okm) : nil
            #expect(derived?.withUnsafeBytes { Data($0) } == expected, "case \(test.tcId)")
        }
        #expect(count == file.numberOfTests)
    }

    struct HMACCase: Decodable, Sendable {
        let tcId: Int
        let key, msg, tag, result: String
    }

    @Test("HMAC-SHA256: every case, truncated ones too, through the vault's function")
    func hmac() throws {
        let file = try Wycheproof<HMACCase>.load("hmac_sha256_test.json")
        var count = 0
        for test in file.testGroups.flatMap(\.tests) {
            count += 1
            let key = SymmetricKey(data: Data(hex: test.key))
            let message = Data(hex: test.msg)
            let tag = Data(hex: test.tag)
            let code = Derivation.hmac(message, key: key)
            #expect(code.starts(with: tag) == (test.result == "valid"), "case \(test.tcId)")
            if tag.count == 32 {
                #expect(Derivation.isHMAC(tag, of: message, key: key) == (test.result == "valid"), "case \(test.tcId)")
            }
        }
        #expect(count == file.numberOfTests)
    }

    struct PBKDF2Case: Decodable, Sendable {
        let tcId, iterationCount, dkLen: Int
        let password, salt, dk, result: String
    }

    @Test("PBKDF2-HMAC-SHA256: every case, through the vault's derivation")
    func pbkdf2() throws {
        let file = try Wycheproof<PBKDF2Case>.load("pbkdf2_hmacsha256_test.json")
        var count = 0
        for test in file.testGroups.flatMap(\.tests) {
            count += 1
            let key = try Derivation.pbkdf2(
                Array(Data(hex: test.password)),
                salt: Data(hex: test.salt),
                iterations: test.iterationCount,
                count: test.dkLen
            )
            #expect(
                (key.withUnsafeBytes { Data($0) } == Data(hex: test.dk)) == (test.result == "valid"),
                "case \(test.tcId)"
            )
        }
        #expect(count == file.numberOfTests)
    }
}
