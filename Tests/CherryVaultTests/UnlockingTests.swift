import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryVault

@Suite("Unlocking")
struct UnlockingTests {
    let address = RecordAddress(collection: .secrets, id: .make(), version: 1)
    let plaintext = Data("kept".utf8)

    @Test("A new vault is uninitialized, then unlocked, then sealed, and again after a restart")
    func states() async throws {
        let clock = HandClock()
        let store = InMemoryKeyStore()
        let empty = try Vault(keyStore: store, configuration: .testing, clock: clock.wall)
        #expect(empty.state == .uninitialized)
        #expect(empty.kdf == nil)
        let fixture = try await VaultFixture.make(keyStore: store, clock: clock.wall)
        #expect(fixture.vault.state == .unlocked(since: clock.wall.now))
        fixture.vault.lock()
        #expect(fixture.vault.state == .sealed)
        #expect(fixture.vault.kdf == fixture.kdf)
        let restarted = try fixture.restarted()
        #expect(restarted.state == .sealed)
        #expect(restarted.kdf == fixture.kdf)
    }

    @Test("Everything that needs a vault says so when there is none")
    func uninitialized() async throws {
        let vault = try Vault(keyStore: InMemoryKeyStore(), configuration: .testing)
        await expectError(.uninitialized) { try await vault.unlock(.fixture(1)) }
        await expectError(.uninitialized) { try await vault.unlock(recovery: .make()) }
        await expectError(.uninitialized) { try await vault.recover(.make(), new: .fixture(1), kdf: .make()) }
        await expectError(.uninitialized) { try await vault.verify(.fixture(1)) }
        await expectError(.uninitialized) {
            try await vault.changePassphrase(current: .fixture(1), new: .fixture(2), kdf: .make())
        }
        await expectError(.uninitialized) { try await vault.beginRotation() }
        expectError(.uninitialized) { try vault.confirmRecovery() }
        expectError(.sealed) { try vault.activeKey }
        vault.lock()
        #expect(!vault.lockIfIdle())
    }

    @Test("A second vault is never made over the first, also not by another process")
    func createTwice() async throws {
        let store = InMemoryKeyStore()
        let second = try Vault(keyStore: store, configuration: .testing)
        let fixture = try await VaultFixture.make(keyStore: store)
        let header = store.header
        await expectError(.alreadyInitialized) { try await fixture.vault.create(login: .fixture(2), kdf: .make()) }
        await expectError(.alreadyInitialized) { try await second.create(login: .fixture(2), kdf: .make()) }
        #expect(store.header == header)
        try await second.unlock(fixture.login)
    }

    @Test("Of several creations at once one wins")
    func createRace() async throws {
        let vault = try Vault(keyStore: InMemoryKeyStore(), configuration: .testing)
        let winners = await withTaskGroup(of: UInt8?.self) { group in
            for number in 1...5 as ClosedRange<UInt8> {
                group.addTask {
                    (try? await vault.create(login: .fixture(number), kdf: .make())) != nil ? number : nil
                }
            }
            return await group.reduce(into: [UInt8]()) { if let number = $1 { $0.append(number) } }
        }
        #expect(winners.count == 1)
        let winner = try #require(winners.first)
        vault.lock()
        try await vault.unlock(.fixture(winner))
    }

    @Test("Only the right passphrase unlocks; both of its keys are needed")
    func wrongPassphrase() async throws {
        let fixture = try await VaultFixture.make()
        let vault = try fixture.restarted()
        let right = fixture.login
        let wrong = LoginKeys.fixture(2)
        let wrongs = [
            wrong, LoginKeys(authKey: right.authKey, unsealKey: wrong.unsealKey),
            LoginKeys(authKey: wrong.authKey, unsealKey: right.unsealKey),
            LoginKeys(authKey: right.unsealKey, unsealKey: right.authKey),
            LoginKeys(authKey: SecretBytes([]), unsealKey: SecretBytes([])),
            LoginKeys(
                authKey: right.authKey,
                unsealKey: SecretBytes(right.unsealKey.withBytes { Array($0.dropLast()) })
            ),
        ]
        for login in wrongs {
            await expectError(.wrongPassphrase) { try await vault.unlock(login) }
            #expect(vault.state == .sealed)
            #expect(try await vault.verify(login) == false)
        }
        #expect(try await vault.verify(right))
        #expect(try await vault.verify(right.authKey))
        #expect(try await vault.verify(wrong.authKey) == false)
        try await vault.unlock(right)
        #expect(vault.state.isUnlocked)
    }

    @Test("An unlocked vault checks a passphrase all the same, and stays unlocked since when it was")
    func unlockTwice() async throws {
        let clock = HandClock()
        let fixture = try await VaultFixture.make(clock: clock.wall)
        let state = fixture.vault.state
        clock.turn(by: .seconds(5))
        await expectError(.wrongPassphrase) { try await fixture.vault.unlock(.fixture(2)) }
        try await fixture.vault.unlock(fixture.login)
        #expect(fixture.vault.state == state)
    }

    @Test("Keys of another length are refused for a new passphrase")
    func shortKeys() async throws {
        let vault = try Vault(keyStore: InMemoryKeyStore(), configuration: .testing)
        let short = LoginKeys(authKey: SecretBytes([1]), unsealKey: SecretBytes([UInt8](repeating: 0, count: 32)))
        await expectError(.weakKDF) { try await vault.create(login: short, kdf: .make()) }
        #expect(vault.state == .uninitialized)
    }

    @Test("The recovery code unlocks, leaves the passphrase alone, and no other code does")
    func recoveryUnlock() async throws {
        let fixture = try await VaultFixture.make()
        let sealed = try fixture.vault.seal(self.plaintext, at: self.address)
        let vault = try fixture.restarted()
        await expectError(.wrongRecoveryCode) { try await vault.unlock(recovery: .make()) }
        #expect(vault.state == .sealed)
        try await vault.unlock(recovery: RecoveryCode(parsing: fixture.recoveryCode.formatted.exposed))
        #expect(try vault.open(sealed, at: self.address) == self.plaintext)
        vault.lock()
        try await vault.unlock(fixture.login)
    }

    @Test("Recovering sets a new passphrase and unlocks; the old passphrase opens nothing, the code still does")
    func recover() async throws {
        let fixture = try await VaultFixture.make()
        let sealed = try fixture.vault.seal(self.plaintext, at: self.address)
        let vault = try fixture.restarted()
        let kdf = KDFParameters.make()
        await expectError(.wrongRecoveryCode) { try await vault.recover(.make(), new: .fixture(2), kdf: kdf) }
        #expect(vault.state == .sealed)
        try await vault.recover(fixture.recoveryCode, new: .fixture(2), kdf: kdf)
        #expect(vault.state.isUnlocked)
        #expect(vault.kdf == kdf)
        #expect(try vault.open(sealed, at: self.address) == self.plaintext)

        let again = try fixture.restarted()
        await expectError(.wrongPassphrase) { try await again.unlock(fixture.login) }
        try await again.unlock(.fixture(2))
        #expect(try again.open(sealed, at: self.address) == self.plaintext)
        again.lock()
        try await again.unlock(recovery: fixture.recoveryCode)
    }

    @Test("A header that cannot be saved leaves no vault behind")
    func createFails() async throws {
        let store = InMemoryKeyStore { $0 == 1 ? .before : nil }
        let vault = try Vault(keyStore: store, configuration: .testing)
        await expectError(.unavailable) { try await vault.create(login: .fixture(1), kdf: .make()) }
        #expect(vault.state == .uninitialized)
        expectError(.sealed) { try vault.activeKey }
        _ = try await vault.create(login: .fixture(1), kdf: .make())
        #expect(vault.state.isUnlocked)
    }

    @Test("Unlocking sees what another process changed while the vault was locked")
    func rereads() async throws {
        let fixture = try await VaultFixture.make()
        fixture.vault.lock()
        let other = try fixture.restarted()
        try await other.unlock(fixture.login)
        try await other.changePassphrase(current: fixture.login, new: .fixture(2), kdf: .make())
        await expectError(.wrongPassphrase) { try await fixture.vault.unlock(fixture.login) }
        try await fixture.vault.unlock(.fixture(2))
        #expect(fixture.vault.kdf == other.kdf)
    }

    @Test("Erasing forgets the vault and its keys, and a new one can be made that opens nothing of the old")
    func erase() async throws {
        let fixture = try await VaultFixture.make()
        let sealed = try fixture.vault.seal(self.plaintext, at: self.address)
        try fixture.vault.erase()
        #expect(fixture.vault.state == .uninitialized)
        #expect(fixture.keyStore.header == nil)
        expectError(.sealed) { try fixture.vault.open(sealed, at: self.address) }
        _ = try await fixture.vault.create(login: fixture.login, kdf: fixture.kdf)
        expectError(.tampered) { try fixture.vault.open(sealed, at: self.address) }
    }
}
