import CherryCore
import Foundation

/// What the header keeps of the auth key: its Argon2id hash, from which nothing can be unsealed.
struct AuthVerifier: Codable, Hashable, Sendable {
    var argon2: Argon2Parameters
    var salt: Base64URLBytes
    var hash: Base64URLBytes

    /// Hashes a key. Slow: run it on a `DerivationLane`.
    static func make(_ authKey: SecretBytes, argon2: Argon2Parameters) throws(VaultError) -> AuthVerifier {
        let salt = randomBytes(count: Argon2.saltLength)
        let hash = try Argon2.id(authKey, salt: salt, parameters: argon2)
        return AuthVerifier(
            argon2: argon2,
            salt: Base64URLBytes(salt),
            hash: Base64URLBytes(hash.withBytes { Array($0) })
        )
    }

    /// Whether `authKey` is the key that was hashed. Slow: run it on a `DerivationLane`.
    func accepts(_ authKey: SecretBytes) throws(VaultError) -> Bool {
        let hash = try Argon2.id(authKey, salt: self.salt.data, parameters: self.argon2)
        return Argon2.isEqual(hash, self.hash.data)
    }
}
