import CherryCore
import CherryTesting
import Crypto
import Foundation
import Testing

@testable import CherryVault

@Suite("A header that was altered")
struct HeaderTamperingTests {
    @Test("Any changed byte: no way in opens it, unless the document still says the same")
    func flips() async throws {
        let fixture = try await VaultFixture.make()
        let sound = try #require(fixture.keyStore.header)
        let original = try VaultHeader.readForTest(sound)
        var refused = 0
        for index in sound.indices {
            for bits in [0x01, 0x20] as [UInt8] {
                var altered = sound
                altered[index] ^= bits
                let (unlocked, errors) = await fixture.unlockEveryWay(header: altered)
                if (try? VaultHeader.readForTest(altered)) == original {
                    // A letter of an id in the other case is the same id.
                    #expect(unlocked.count == 2, "byte \(index)")
                    continue
                }
                refused += 1
                #expect(unlocked.isEmpty, "byte \(index): \(String(decoding: altered, as: UTF8.self))")
                for error in errors {
                    let code = (error as? VaultError)?.code
                    let expected: [VaultError.Code] = [
                        .damagedHeader, .tooNew, .weakKDF, .tampered, .wrongPassphrase, .wrongRecoveryCode,
                    ]
                    #expect(code.map(expected.contains) == true, "byte \(index): \(error)")
                }
            }
        }
        #expect(refused > sound.count)
    }

    @Test("A header cut anywhere is damaged")
    func cuts() async throws {
        let fixture = try await VaultFixture.make()
        let sound = try #require(fixture.keyStore.header)
        for count in 0..<sound.count {
            expectError(.damagedHeader) {
                try Vault(keyStore: InMemoryKeyStore(sound.prefix(count)), configuration: .testing)
            }
        }
    }

    @Test(
        "What is no header at all is damaged",
        arguments: ["", "null", "{}", "[]", "{\"version\":\"1\"}", "\u{0}", "{\"version\":0}", "{\"version\":-1}"]
    )
    func garbage(text: String) {
        expectError(.damagedHeader) { try Vault(keyStore: InMemoryKeyStore(Data(text.utf8)), configuration: .testing) }
        let deep = Data(String(repeating: "[", count: 100_000).utf8)
        expectError(.damagedHeader) { try Vault(keyStore: InMemoryKeyStore(deep), configuration: .testing) }
    }

    /// Each changes one thing that matters and leaves a document of the right shape.
    static let alterations: [(String, @Sendable (inout VaultHeader) -> Void)] = [
        ("another vault id", { $0.vaultID = .make() }),
        ("another time", { $0.createdAt = Timestamp(milliseconds: 1) }),
        ("another salt of the passphrase", { $0.kdf = .make() }),
        ("other rounds of the passphrase", { $0.kdf = KDFParameters(iterations: 600_001, salt: $0.kdf.salt) }),
        ("another hash of the auth key", { $0.verifier.hash.data[0] ^= 1 }),
        ("another salt of the auth key", { $0.verifier.salt.data[0] ^= 1 }),
        ("other work for the auth key", { $0.verifier.argon2 = Argon2Parameters(memory: 16384, iterations: 1) }),
        ("another identity", { $0.identity.publicKey.data[0] ^= 1 }),
        ("another sealed identity", { $0.identity.sealedPrivateKey.data[20] ^= 1 }),
        ("recovery confirmed", { $0.recoveryConfirmed = true }),
        ("fewer seals", { $0.keys[0].reservedSeals = 7 }),
        (
            "another key id",
            {
                $0.keys[0].id = KeyID(rawValue: 2);
                for i in $0.slots.indices { $0.slots[i].wraps[0].keyID = KeyID(rawValue: 2) }
            }
        ),
        ("slots in another order", { $0.slots.reverse() }),
        ("a slot removed", { $0.slots.removeAll { $0.kind == .recovery } }),
        (
            "a slot's id",
            {
                $0.slots[0].id = .make(); $0.slots[1].id = .make()
            }
        ),
        (
            "slots' ids swapped",
            {
                let id = $0.slots[0].id; $0.slots[0].id = $0.slots[1].id; $0.slots[1].id = id
            }
        ),
        (
            "slots' kinds swapped",
            {
                $0.slots[0].kind = .recovery; $0.slots[1].kind = .passphrase
            }
        ),
        (
            "slots' wraps swapped",
            {
                let wraps = $0.slots[0].wraps; $0.slots[0].wraps = $0.slots[1].wraps; $0.slots[1].wraps = wraps
            }
        ),
        (
            "slots' pins swapped",
            {
                let pin = $0.slots[0].pin; $0.slots[0].pin = $0.slots[1].pin; $0.slots[1].pin = pin
            }
        ),
        (
            "slots' keys swapped",
            {
                let key = $0.slots[0].publicKey; $0.slots[0].publicKey = $0.slots[1].publicKey;
                $0.slots[1].publicKey = key
            }
        ),
        (
            "a slot's salt",
            {
                $0.slots[0].salt.data[3] ^= 1; $0.slots[1].salt.data[3] ^= 1
            }
        ),
        ("a slot's time", { $0.slots[0].createdAt = Timestamp(milliseconds: 1) }),
        (
            "a wrap's encapsulated key",
            { for i in $0.slots.indices { $0.slots[i].wraps[0].encapsulatedKey.data[9] ^= 1 } }
        ),
        (
            "an encapsulated key of zeros",
            { for i in $0.slots.indices { $0.slots[i].wraps[0].encapsulatedKey = Base64URLBytes(Data(count: 32)) } }
        ),
        (
            "an encapsulated key of another length",
            { for i in $0.slots.indices { $0.slots[i].wraps[0].encapsulatedKey = Base64URLBytes(Data(count: 3)) } }
        ),
        ("a wrap's ciphertext", { for i in $0.slots.indices { $0.slots[i].wraps[0].ciphertext.data[9] ^= 1 } }),
        ("an empty ciphertext", { for i in $0.slots.indices { $0.slots[i].wraps[0].ciphertext = Base64URLBytes([]) } }),
        ("an identity of zeros", { $0.identity.publicKey = Base64URLBytes(Data(count: 32)) }),
        ("another MAC", { $0.mac?.data[0] ^= 1 }),
        ("a short MAC", { $0.mac?.data.removeLast() }),
        ("no MAC", { $0.mac = nil }),
    ]

    @Test("Any changed field: no way in opens it", arguments: alterations.indices)
    func fields(index: Int) async throws {
        let (name, alter) = Self.alterations[index]
        let fixture = try await VaultFixture.make()
        var header = try VaultHeader.readForTest(try #require(fixture.keyStore.header))
        alter(&header)
        let (unlocked, errors) = await fixture.unlockEveryWay(header: try header.encoded())
        #expect(unlocked.isEmpty, "\(name)")
        #expect(!errors.isEmpty)
    }

    @Test("Argon2id below the floor or above the ceiling is refused before it is run, for every field")
    func argon2Bounds() async throws {
        let fixture = try await VaultFixture.make()
        let sound = try VaultHeader.readForTest(try #require(fixture.keyStore.header))
        for parameters in [
            Argon2Parameters(memory: 8191, iterations: 1), Argon2Parameters(memory: 8192, iterations: 0),
            Argon2Parameters(memory: -1, iterations: -1), Argon2Parameters(memory: (1 << 30) + 1, iterations: 1),
            Argon2Parameters(memory: 8192, iterations: 17), Argon2Parameters(memory: .max, iterations: .max),
        ] {
            var verifier = sound
            verifier.verifier.argon2 = parameters
            var slot = sound
            slot.slots[1].argon2 = parameters
            for header in [verifier, slot] {
                let data = try header.encoded()
                expectError(.weakKDF) { try Vault(keyStore: InMemoryKeyStore(data), configuration: .testing) }
            }
        }
    }

    @Test("The product's floor holds for headers: one made with less work is refused")
    func productFloor() async throws {
        let header = try await VaultFixture.make().keyStore.header
        let error = expectError(.weakKDF) { try Vault(keyStore: InMemoryKeyStore(header)) }
        #expect(error?.hint?.contains("left as it is") == true)
    }

    @Test("PBKDF2 outside the bounds is refused")
    func pbkdf2Bounds() async throws {
        let fixture = try await VaultFixture.make()
        for iterations in [0, 599_999, 10_000_001, -600_000] {
            var header = try VaultHeader.readForTest(try #require(fixture.keyStore.header))
            header.kdf = KDFParameters(iterations: iterations, salt: header.kdf.salt)
            let data = try header.encoded()
            expectError(.weakKDF) { try Vault(keyStore: InMemoryKeyStore(data), configuration: .testing) }
        }
    }

    /// Who can write the header knows every slot's public key. Plain HPKE would let them wrap a root key of their own
    /// for the passphrase's slot; the pinned identity does not.
    @Test("A root key of somebody else cannot be slipped in, alone or beside the real one", arguments: [false, true])
    func foreignRootKey(keepsOldKey: Bool) async throws {
        let fixture = try await VaultFixture.make()
        var header = try VaultHeader.readForTest(try #require(fixture.keyStore.header))
        let foreign = try RootKey.make(id: KeyID(rawValue: 2))
        let identity = Curve25519.KeyAgreement.PrivateKey()
        if keepsOldKey { header.keys[0].state = .retiring } else { header.keys = [] }
        header.keys.append(KeyEntry(id: foreign.id, state: .active, createdAt: .now, reservedSeals: 0))
        for replacesIdentity in [false, true] {
            var forged = header
            if replacesIdentity {
                forged.identity = try VaultIdentity.make(identity, vaultID: forged.vaultID, under: foreign)
            }
            for index in forged.slots.indices {
                let wrap = try KeyWrap.make(
                    foreign,
                    vaultID: forged.vaultID,
                    slotID: forged.slots[index].id,
                    recipient: try forged.slots[index].recipient,
                    identity: identity
                )
                forged.slots[index].wraps = (keepsOldKey ? forged.slots[index].wraps : []) + [wrap]
            }
            try forged.authenticate(under: foreign)
            let (unlocked, errors) = await fixture.unlockEveryWay(header: try forged.encoded())
            #expect(unlocked.isEmpty)
            #expect(errors.compactMap { ($0 as? VaultError)?.code } == [.tampered, .tampered])
        }
    }

    @Test("A header that was altered while the vault is unlocked changes nothing and is written over")
    func whileUnlocked() async throws {
        let fixture = try await VaultFixture.make()
        fixture.keyStore.header = Data("{}".utf8)
        try await fixture.vault.unlock(fixture.login)
        try fixture.vault.confirmRecovery()
        try await fixture.restarted().unlock(fixture.login)
    }

    @Test("A damaged header found at unlocking is an error and stays as it is")
    func damagedAtUnlock() async throws {
        let fixture = try await VaultFixture.make()
        fixture.vault.lock()
        fixture.keyStore.header = Data("{}".utf8)
        await expectError(.damagedHeader) { try await fixture.vault.unlock(fixture.login) }
        await expectError(.damagedHeader) { try await fixture.vault.unlock(recovery: fixture.recoveryCode) }
        #expect(fixture.keyStore.header == Data("{}".utf8))
        #expect(fixture.vault.state == .sealed)
    }
}
