import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryVault

@Suite("Key slots")
struct SlotTests {
    let address = RecordAddress(collection: .conversations, id: .make(), version: 1)
    let plaintext = Data("kept".utf8)

    @Test("Changing the passphrase re-wraps only: what was sealed stays as it is and opens")
    func changePassphrase() async throws {
        let fixture = try await VaultFixture.make()
        let vault = fixture.vault
        let sealed = try vault.seal(self.plaintext, at: self.address)
        let before = try VaultHeader.read(
            try #require(fixture.keyStore.header),
            floor: .init(memory: 8192, iterations: 1)
        )
        let kdf = KDFParameters.make()
        await expectError(.wrongPassphrase) {
            try await vault.changePassphrase(current: .fixture(3), new: .fixture(2), kdf: kdf)
        }
        #expect(vault.kdf == fixture.kdf)
        try await vault.changePassphrase(current: fixture.login, new: .fixture(2), kdf: kdf)
        #expect(try vault.open(sealed, at: self.address) == self.plaintext)
        #expect(vault.status.keys.map(\.id) == [KeyID(rawValue: 1)])

        let after = try VaultHeader.read(
            try #require(fixture.keyStore.header),
            floor: .init(memory: 8192, iterations: 1)
        )
        #expect(after.slots.first { $0.kind == .recovery } == before.slots.first { $0.kind == .recovery })
        #expect(after.slots.count == before.slots.count)

        let restarted = try fixture.restarted()
        await expectError(.wrongPassphrase) { try await restarted.unlock(fixture.login) }
        try await restarted.unlock(.fixture(2))
        #expect(try restarted.open(sealed, at: self.address) == self.plaintext)
        #expect(restarted.kdf == kdf)
    }

    @Test("A passphrase cannot be changed while sealed, and a failed save leaves the old one")
    func changeFails() async throws {
        let store = InMemoryKeyStore { $0 == 2 ? .before : nil }
        let fixture = try await VaultFixture.make(keyStore: store)
        await expectError(.unavailable) {
            try await fixture.vault.changePassphrase(current: fixture.login, new: .fixture(2), kdf: .make())
        }
        #expect(try await fixture.vault.verify(fixture.login))
        #expect(fixture.vault.kdf == fixture.kdf)
        fixture.vault.lock()
        await expectError(.sealed) {
            try await fixture.vault.changePassphrase(current: fixture.login, new: .fixture(2), kdf: .make())
        }
        await expectError(.weakKDF) {
            let weak = KDFParameters(iterations: 1000, salt: Data(count: 16))
            try await fixture.vault.changePassphrase(current: fixture.login, new: .fixture(2), kdf: weak)
        }
        try await fixture.vault.unlock(fixture.login)
    }

    @Test("A new recovery code replaces the old one and has to be confirmed again")
    func replaceRecoveryCode() async throws {
        let fixture = try await VaultFixture.make()
        let vault = fixture.vault
        #expect(!vault.status.recoveryConfirmed)
        try vault.confirmRecovery()
        #expect(vault.status.recoveryConfirmed)
        let code = try await vault.replaceRecoveryCode()
        #expect(!vault.status.recoveryConfirmed)
        #expect(code.formatted.exposed != fixture.recoveryCode.formatted.exposed)

        let restarted = try fixture.restarted()
        await expectError(.wrongRecoveryCode) { try await restarted.unlock(recovery: fixture.recoveryCode) }
        try await restarted.unlock(recovery: code)
        try restarted.confirmRecovery()
        #expect(try fixture.restarted().status.recoveryConfirmed)
        restarted.lock()
        await expectError(.sealed) { try await restarted.replaceRecoveryCode() }
        expectError(.sealed) { try restarted.confirmRecovery() }
    }

    @Test("The passphrase slot cannot be removed; the recovery slot can and then opens nothing")
    func removeSlot() async throws {
        let fixture = try await VaultFixture.make()
        let vault = fixture.vault
        let passphrase = try #require(vault.status.slots.first { $0.kind == .passphrase })
        let recovery = try #require(vault.status.slots.first { $0.kind == .recovery })
        expectError(.lastSlot) { try vault.removeSlot(passphrase.id) }
        expectError(.slotNotFound) { try vault.removeSlot(.make()) }
        try vault.confirmRecovery()
        try vault.removeSlot(recovery.id)
        #expect(vault.status.slots == [passphrase])
        #expect(!vault.status.recoveryConfirmed)
        expectError(.slotNotFound) { try vault.confirmRecovery() }
        await expectError(.wrongRecoveryCode) { try await vault.unlock(recovery: fixture.recoveryCode) }
        await expectError(.wrongRecoveryCode) {
            try await vault.recover(fixture.recoveryCode, new: .fixture(2), kdf: .make())
        }

        let code = try await vault.replaceRecoveryCode()
        let restarted = try fixture.restarted()
        try await restarted.unlock(recovery: code)
        restarted.lock()
        expectError(.sealed) { try restarted.removeSlot(recovery.id) }
    }

    @Test("A passphrase changed twice at once from the same old one changes once")
    func concurrentChanges() async throws {
        let fixture = try await VaultFixture.make()
        let winners = await withTaskGroup(of: UInt8?.self) { group in
            for number in 10...14 as ClosedRange<UInt8> {
                group.addTask {
                    do {
                        let new = LoginKeys.fixture(number)
                        try await fixture.vault.changePassphrase(current: fixture.login, new: new, kdf: .make())
                        return number
                    } catch {
                        return nil
                    }
                }
            }
            return await group.reduce(into: [UInt8]()) { if let number = $1 { $0.append(number) } }
        }
        #expect(winners.count == 1)
        let winner = try #require(winners.first)
        try await fixture.restarted().unlock(.fixture(winner))
    }
}
