import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryVault

/// What version 1 wrote must open in every later version.
@Suite("Stored forms of version 1")
struct StoredFormTests {
    /// Made with `LoginKeys.fixture(1)` and the least Argon2id.
    static let header = #"""
        {"createdAt":1700000000000,"identity":{"publicKey":"nreKa-b2mQED2rGZA5numTaKWRnbdx7FfRYFS9nWhwM",\#
        "sealedPrivateKey":"E8_SfvydP5RedFWSIL0Cen4BJ9afOIj9bCfMSoSDvhNjCRqeaQyNEeKzA-f_IZsN52TpLbalCkFx5lUY"},\#
        "kdf":{"algorithm":"pbkdf2-sha256","iterations":600000,"salt":"tDCRFRXUiNi77_M3d60jKA"},"keys":[{\#
        "createdAt":1700000000000,"id":1,"reservedSeals":0,"state":"active"}],\#
        "mac":"hycnselGFXQkE2kqhVg4AkgHTukHwCrZOWN4POR2OiI","recoveryConfirmed":false,"slots":[{"argon2":{\#
        "iterations":1,"memory":8192},"createdAt":1700000000000,"id":"018bcfe5-6800-787c-9fb8-11dffa603007",\#
        "kind":"passphrase","pin":"6ImrIT7fBBekFwqXpynAinY-LuGXQP1oE-KbBNbQAX0",\#
        "publicKey":"wy2NgKusB75NYMTcIpnMlWtClX7fZxB33XuL36y54Qo","salt":"BuxsX72mDVUOnD3wo9Kbqw","wraps":[{\#
        "ciphertext":"Ma8Nxc79Ff-9-K5xPv2324OFg1FiS8P9L-BHvhLaoEMPoDDWqLyBIm6uV8h5iUo8",\#
        "encapsulatedKey":"KWEe5-mMJ2ZGfgNtKh1eQ7jFYTELZT08HlVt5x7i6y4","keyID":1}]},{"argon2":{\#
        "iterations":1,"memory":8192},"createdAt":1700000000000,"id":"018bcfe5-6800-7b04-81a9-6590346d0459",\#
        "kind":"recovery","pin":"MmgCUm1sySrz9_LY1ReE911VYDthyHtHtDskRRpilQs",\#
        "publicKey":"xWi_HpTPVtAWxFJ_--hIycVOOiI6R3-R6Olqovc1DiI","salt":"khtaGkctDme40KYWlrS9HA","wraps":[{\#
        "ciphertext":"JK0JF6OWkFlovf9zPeK-_JW-dvkkiHVN0zEGevPFO_jZ3wBuV7f0qKPr9nu92SRS",\#
        "encapsulatedKey":"dZvSdz5TNDDnNBRnFsJI5gORCFivMQUTDDaQzV5aUF4","keyID":1}]}],\#
        "vaultID":"018bcfe5-6800-7be3-ac28-ee98d7f9dd7d","verifier":{"argon2":{"iterations":1,\#
        "memory":8192},"hash":"SjDh08pJ4JVI002CPQXBLBIM4RnlnALVbXyuH_C-oqM",\#
        "salt":"dQ4OsU-fjna6OEYYRV07Pw"},"version":1}
        """#
    let recoveryCode = "QQ3Y-CHRJ-HSJZ-6BCZ-EBFD-CBSM-SAQN-4SRZ-2Z71"
    let record = "AQAAAAFlcGVn1nRoqobozpHqIc5OZnsG4YG0cP14yS2RIJ1si2CYWjeiunzMl03_50lX4V7qItcRnQHnDA"
    let digest = "AQAAAAEgGL7FZN8Z1e9BnpkjZ1f6xnbEPbzxHJvDpiuxvnqy"
    let term = "oYHqSE8_rf-n5FyRNbKZyRySHC53-4xlbKmNonB7Ujc"

    @Test("A stored header unlocks by passphrase and by recovery code, and opens what was sealed under it")
    func opens() async throws {
        let id = try #require(RecordID("0190a0b0-c0d0-7000-8000-00000000c0de"))
        let address = RecordAddress(collection: .secrets, id: id, version: 7, schema: 2)
        let stamp = RecordStamp(collection: .secrets, id: id, version: 7)
        let key = KeyID(rawValue: 1)
        for byPassphrase in [true, false] {
            let store = InMemoryKeyStore(Data(Self.header.utf8))
            let vault = try Vault(keyStore: store, configuration: .testing)
            if byPassphrase {
                try await vault.unlock(.fixture(1))
            } else {
                try await vault.unlock(recovery: RecoveryCode(parsing: self.recoveryCode))
            }
            let sealed = try #require(Base64URL.decode(self.record))
            #expect(try vault.open(sealed, at: address) == Data("kept since the first release".utf8))
            let digest = try #require(Base64URL.decode(self.digest))
            #expect(try vault.openDigest(digest, key: key) == Data([1, 2, 3]))
            #expect(try Data(vault.digestTerm(for: stamp, key: key)) == Base64URL.decode(self.term))
        }
    }

    @Test("Reading and writing a header gives the same bytes, which its authentication rests on")
    func canonical() throws {
        let data = Data(Self.header.utf8)
        #expect(try VaultHeader.readForTest(data).encoded() == data)
    }
}
