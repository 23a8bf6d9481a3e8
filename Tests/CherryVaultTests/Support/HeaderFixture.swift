import CherryCore
import CherryTesting
import Foundation

@testable import CherryVault

extension VaultHeader {
    /// Reads a header with the floor of tests.
    static func readForTest(_ data: Data) throws -> VaultHeader {
        try self.read(data, floor: Vault.Configuration.testing.argon2Floor)
    }
}

extension VaultFixture {
    /// Tries every way in there is on a header, each in a vault of its own.
    ///
    /// - Returns: the vaults that unlocked, and the errors of the others.
    func unlockEveryWay(
        header: Data,
        machine: MachineKeySource? = nil
    ) async -> (unlocked: [Vault], errors: [any Error]) {
        var unlocked: [Vault] = []
        var errors: [any Error] = []
        let ways: [@Sendable (Vault) async throws -> Void] =
            [
                { try await $0.unlock(self.login) },
                { try await $0.unlock(recovery: self.recoveryCode) },
            ] + (machine.map { source in [{ try await $0.unlockWithMachineKey(source) }] } ?? [])
        for way in ways {
            do {
                let vault = try Vault(keyStore: InMemoryKeyStore(header), configuration: .testing)
                try await way(vault)
                unlocked.append(vault)
            } catch {
                errors.append(error)
            }
        }
        return (unlocked, errors)
    }
}
