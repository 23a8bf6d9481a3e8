import CherryCore
import CherryTesting
import Foundation
import Testing

@testable import CherryVault

@Suite("Rotation")
struct RotationTests {
    let first = KeyID(rawValue: 1)
    let second = KeyID(rawValue: 2)
    let address = RecordAddress(collection: .messages, id: .make(), version: 1)
    let plaintext = Data("moved".utf8)

    @Test("Slots changed while a rotation runs open both keys")
    func changesDuring() async throws {
        let fixture = try await VaultFixture.make()
        let old = try fixture.vault.seal(self.plaintext, at: self.address)
        _ = try await fixture.vault.beginRotation()
        try await fixture.vault.changePassphrase(current: fixture.login, new: .fixture(2), kdf: .make())
        let code = try await fixture.vault.replaceRecoveryCode()
        let byPassphrase = try fixture.restarted()
        try await byPassphrase.unlock(.fixture(2))
        #expect(try byPassphrase.open(old, at: self.address) == self.plaintext)
        let byRecovery = try fixture.restarted()
        try await byRecovery.recover(code, new: .fixture(3), kdf: .make())
        #expect(try byRecovery.open(old, at: self.address) == self.plaintext)
        try byRecovery.finishRotation(retiring: self.first)
        try await fixture.restarted().unlock(.fixture(3))
    }
}
