public import CherryCore
import Crypto
import Foundation

/// What a client proves itself and unseals with: derived from the passphrase where it was typed.
///
/// The server sees these and never the passphrase. Both are 32 bytes; the vault refuses other lengths as wrong.
public struct LoginKeys: Sendable {
    /// Proves who is asking. The header keeps only its Argon2id hash.
    public let authKey: SecretBytes
    /// Opens the passphrase slot.
    public let unsealKey: SecretBytes

    /// The length of each key in bytes.
    public static let keyLength = 32

    /// Joins keys that a client sent.
    public init(authKey: SecretBytes, unsealKey: SecretBytes) {
        self.authKey = authKey
        self.unsealKey = unsealKey
    }

    /// Stretches a passphrase as the browser does: NFKC, PBKDF2-HMAC-SHA256, then HKDF for each key.
    ///
    /// Takes a few tenths of a second, on a thread of its own.
    ///
    /// - Throws: `VaultError` with code `.weakKDF` when `kdf` is outside the bounds, so that no server can have keys
    ///   derived cheaply.
    public static func derive(passphrase: Secret<String>, kdf: KDFParameters) async throws -> LoginKeys {
        try kdf.validate()
        return try await self.lane.run {
            let text = passphrase.exposed.precomposedStringWithCompatibilityMapping
            let stretched = try Derivation.pbkdf2(
                Array(text.utf8),
                salt: kdf.salt,
                iterations: kdf.iterations,
                count: self.keyLength
            )
            return LoginKeys(
                authKey: try Derivation.hkdf(stretched, info: "cherry/auth").secretBytes,
                unsealKey: try Derivation.hkdf(stretched, info: "cherry/unseal").secretBytes
            )
        }
    }

    private static let lane = DerivationLane(label: "cherry.vault.passphrase")
}

extension LoginKeys: CustomStringConvertible, CustomReflectable {
    public var description: String { "LoginKeys(<redacted>)" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
