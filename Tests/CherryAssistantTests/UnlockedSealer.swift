import CherryCore
import CherryTesting
import CherryVault

/// A real vault, unlocked, with keys that are cheap to derive.
enum UnlockedSealer {
    static func make() async throws -> Vault {
        let vault = try Vault(keyStore: InMemoryKeyStore(), configuration: .testing)
        let login = LoginKeys(
            authKey: SecretBytes(repeatElement(1, count: 32)),
            unsealKey: SecretBytes(repeatElement(2, count: 32))
        )
        _ = try await vault.create(login: login, kdf: .make())
        return vault
    }
}
