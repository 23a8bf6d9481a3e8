import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryVault

@Suite("Sealing")
struct SealingTests {
    let id = RecordID.make()
    let plaintext = Data("Nobody else reads this.".utf8)

    var address: RecordAddress { RecordAddress(collection: .messages, id: self.id, version: 3, schema: 1) }

    @Test("What is sealed opens at its address, whatever its length")
    func roundTrip() async throws {
        let vault = try await VaultFixture.make().vault
        for count in [0, 1, 15, 16, 17, 300, 100_000] {
            let plaintext = Data((0..<count).map { UInt8(truncatingIfNeeded: $0) })
            let sealed = try vault.seal(plaintext, at: self.address)
            #expect(sealed.count == count + 33)
            #expect(try vault.open(sealed, at: self.address) == plaintext)
            // A slice does not begin at zero.
            #expect(try vault.open((Data([9, 9]) + sealed).dropFirst(2), at: self.address) == plaintext)
        }
    }

    @Test("The stored form is version, key id and nonce before the ciphertext, and shows no plaintext")
    func form() async throws {
        let vault = try await VaultFixture.make().vault
        let sealed = try vault.seal(self.plaintext, at: self.address)
        #expect(sealed.prefix(5) == Data([1, 0, 0, 0, 1]))
        #expect(try vault.keyID(of: sealed) == KeyID(rawValue: 1))
        #expect(sealed.range(of: self.plaintext.prefix(4)) == nil)
    }

    @Test("A thousand seals have a thousand nonces")
    func nonces() async throws {
        let vault = try await VaultFixture.make().vault
        let nonces = try (0..<1000).map { _ in try vault.seal(self.plaintext, at: self.address)[5..<17] }
        #expect(Set(nonces).count == 1000)
    }

    @Test("Any changed bit of a sealed record is tampering")
    func flips() async throws {
        let vault = try await VaultFixture.make().vault
        let sealed = try vault.seal(self.plaintext, at: self.address)
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << bit
                expectError(.tampered) { try vault.open(changed, at: self.address) }
            }
        }
    }

    @Test("A sealed record cut anywhere, or with something added, is tampering")
    func cuts() async throws {
        let vault = try await VaultFixture.make().vault
        let sealed = try vault.seal(self.plaintext, at: self.address)
        for count in 0..<sealed.count {
            expectError(.tampered) { try vault.open(sealed.prefix(count), at: self.address) }
            expectError(.tampered) { try vault.open(sealed.suffix(count), at: self.address) }
        }
        expectError(.tampered) { try vault.open(sealed + [0], at: self.address) }
        expectError(.tampered) { try vault.keyID(of: Data()) }
        expectError(.tampered) { try vault.keyID(of: sealed.prefix(32)) }
        expectError(.tampered) { try vault.keyID(of: Data([1, 0, 0, 0, 0]) + Data(count: 40)) }
        expectError(.tampered) { try vault.keyID(of: Data([2, 0, 0, 0, 1]) + Data(count: 40)) }
    }

    @Test("A record at any other address is tampering: swapped, moved, rolled back, of another schema")
    func moved() async throws {
        let vault = try await VaultFixture.make().vault
        let sealed = try vault.seal(self.plaintext, at: self.address)
        var others = RecordCollection.allCases.filter { $0 != .messages }.map {
            RecordAddress(collection: $0, id: self.id, version: 3, schema: 1)
        }
        others += [2, 4, 0, -3, 3 << 32, .max].map {
            RecordAddress(collection: .messages, id: self.id, version: $0, schema: 1)
        }
        others += [0, 2, 256].map { RecordAddress(collection: .messages, id: self.id, version: 3, schema: $0) }
        for index in 0..<16 {
            var bytes = self.id.bytes
            bytes[index] ^= 1
            let other = try #require(RecordID(bytes: bytes))
            others.append(RecordAddress(collection: .messages, id: other, version: 3, schema: 1))
        }
        for other in others {
            expectError(.tampered) { try vault.open(sealed, at: other) }
        }

        let neighbour = RecordAddress(collection: .messages, id: .make(), version: 3)
        let swapped = try vault.seal(Data("another".utf8), at: neighbour)
        expectError(.tampered) { try vault.open(swapped, at: self.address) }
        expectError(.tampered) { try vault.open(sealed, at: neighbour) }
    }

    @Test("A record of another vault is tampering")
    func otherVault() async throws {
        let sealed = try await VaultFixture.make().vault.seal(self.plaintext, at: self.address)
        let other = try await VaultFixture.make().vault
        expectError(.tampered) { try other.open(sealed, at: self.address) }
    }

    @Test("A digest opens under its key only, is no record, and no record is a digest")
    func digests() async throws {
        let vault = try await VaultFixture.make().vault
        let first = try vault.activeKey
        let second = try await vault.beginRotation()
        let sealed = try vault.sealDigest(self.plaintext, key: first)
        #expect(try vault.openDigest(sealed, key: first) == self.plaintext)
        expectError(.tampered) { try vault.openDigest(sealed, key: second) }
        expectError(.tampered) { try vault.open(sealed, at: self.address) }
        expectError(.tampered) { try vault.openDigest(try vault.seal(self.plaintext, at: self.address), key: second) }
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 0x10
            expectError(.tampered) { try vault.openDigest(changed, key: first) }
        }
        for count in 0..<sealed.count {
            expectError(.tampered) { try vault.openDigest(sealed.prefix(count), key: first) }
        }
        expectError(.unknownKey) { try vault.sealDigest(self.plaintext, key: KeyID(rawValue: 9)) }
        expectError(.unknownKey) { try vault.openDigest(sealed, key: KeyID(rawValue: 9)) }
    }

    @Test("A digest term is 32 bytes, the same each time, and another for another row, version or key")
    func terms() async throws {
        let vault = try await VaultFixture.make().vault
        let first = try vault.activeKey
        let stamp = RecordStamp(collection: .messages, id: self.id, version: 1)
        let term = try vault.digestTerm(for: stamp, key: first)
        #expect(term.count == 32)
        #expect(try vault.digestTerm(for: stamp, key: first) == term)
        let second = try await vault.beginRotation()
        let others = [
            try vault.digestTerm(for: stamp, key: second),
            try vault.digestTerm(for: RecordStamp(collection: .messages, id: self.id, version: 2), key: first),
            try vault.digestTerm(for: RecordStamp(collection: .personas, id: self.id, version: 1), key: first),
            try vault.digestTerm(for: RecordStamp(collection: .messages, id: .make(), version: 1), key: first),
        ]
        #expect(Set(others + [term]).count == 5)
        expectError(.unknownKey) { try vault.digestTerm(for: stamp, key: KeyID(rawValue: 3)) }
    }

    @Test("Nothing seals or opens while the vault is locked, and everything does after unlocking")
    func locked() async throws {
        let fixture = try await VaultFixture.make()
        let vault = fixture.vault
        let key = try vault.activeKey
        let sealed = try vault.seal(self.plaintext, at: self.address)
        let digest = try vault.sealDigest(self.plaintext, key: key)
        let stamp = RecordStamp(collection: .messages, id: self.id, version: 1)
        let term = try vault.digestTerm(for: stamp, key: key)
        vault.lock()
        expectError(.sealed) { try vault.activeKey }
        let error = expectError(.sealed) { try vault.seal(self.plaintext, at: self.address) }
        #expect(error?.isSealed == true)
        expectError(.sealed) { try vault.open(sealed, at: self.address) }
        expectError(.sealed) { try vault.open(Data(), at: self.address) }
        expectError(.sealed) { try vault.digestTerm(for: stamp, key: key) }
        expectError(.sealed) { try vault.sealDigest(self.plaintext, key: key) }
        expectError(.sealed) { try vault.openDigest(digest, key: key) }
        #expect(try vault.keyID(of: sealed) == key)

        let restarted = try fixture.restarted()
        try await restarted.unlock(fixture.login)
        #expect(try restarted.open(sealed, at: self.address) == self.plaintext)
        #expect(try restarted.openDigest(digest, key: key) == self.plaintext)
        #expect(try restarted.digestTerm(for: stamp, key: key) == term)
    }

    @Test("Fields of the associated data cannot run into one another")
    func framing() {
        var left = FramedBytes(domain: "d")
        left.add("ab")
        left.add("c")
        var right = FramedBytes(domain: "d")
        right.add("a")
        right.add("bc")
        #expect(left.bytes != right.bytes)
        #expect(left.bytes == [0, 0, 0, 1, 0x64, 0, 0, 0, 2, 0x61, 0x62, 0, 0, 0, 1, 0x63])
        var number = FramedBytes(domain: "")
        number.add(UInt16(0x0102))
        #expect(number.bytes == [0, 0, 0, 0, 0, 0, 0, 2, 1, 2])
    }
}
