public import CherryCore
public import CherryVault
import Foundation

/// A vault that exists and is unlocked, with everything that opens it; its Argon2id is the cheapest there is.
public struct VaultFixture: Sendable {
    public let vault: Vault
    public let keyStore: InMemoryKeyStore
    public let login: LoginKeys
    public let kdf: KDFParameters
    public let recoveryCode: RecoveryCode

    /// Creates a vault.
    public static func make(
        keyStore: InMemoryKeyStore = InMemoryKeyStore(),
        login: LoginKeys = .fixture(1),
        clock: WallClock = .system
    ) async throws -> VaultFixture {
        let vault = try Vault(keyStore: keyStore, configuration: .testing, clock: clock)
        let kdf = KDFParameters.make()
        let code = try await vault.create(login: login, kdf: kdf)
        return VaultFixture(vault: vault, keyStore: keyStore, login: login, kdf: kdf, recoveryCode: code)
    }

    /// Another vault over the same header, as after a restart: sealed.
    public func restarted(clock: WallClock = .system) throws -> Vault {
        try Vault(keyStore: self.keyStore, configuration: .testing, clock: clock)
    }
}

extension LoginKeys {
    /// Keys as a passphrase would give them: a different number, a different passphrase.
    public static func fixture(_ number: UInt8) -> LoginKeys {
        LoginKeys(
            authKey: SecretBytes([UInt8](repeating: number, count: 32)),
            unsealKey: SecretBytes([UInt8](repeating: number ^ 0xFF, count: 32))
        )
    }
}
