import CSodium
import CherryCore
import Foundation

/// Argon2id version 1.3, by libsodium: one lane, memory as given, no secret and no associated data.
enum Argon2 {
    static let saltLength = Int(crypto_pwhash_SALTBYTES)

    /// Whether libsodium chose its implementations; doing so twice is harmless.
    private static let isReady = sodium_init() >= 0

    /// Stretches `secret`. Takes tens of milliseconds and `parameters.memory`: run it on a `DerivationLane`.
    ///
    /// - Throws: `VaultError` with code `.unavailable` when the memory is not there.
    static func id(
        _ secret: SecretBytes,
        salt: some Collection<UInt8>,
        parameters: Argon2Parameters,
        count: Int = 32
    ) throws(VaultError) -> SecretBytes {
        precondition(salt.count == self.saltLength, "every salt of the vault has \(self.saltLength) bytes")
        let salt = Array(salt)
        var status: Int32 = -1
        let stretched = SecretBytes(count: count) { output in
            status = secret.withBytes { input in
                guard self.isReady, let output = output.baseAddress, let input = input.baseAddress else { return -1 }
                return crypto_pwhash(
                    output.assumingMemoryBound(to: UInt8.self),
                    UInt64(count),
                    input.assumingMemoryBound(to: CChar.self),
                    UInt64(secret.count),
                    salt,
                    UInt64(parameters.iterations),
                    parameters.memory,
                    crypto_pwhash_ALG_ARGON2ID13
                )
            }
        }
        guard status == 0 else {
            throw VaultError(
                .unavailable,
                message: "Argon2id could not run.",
                hint: "It needs \(parameters.memory >> 20) MiB of free memory."
            )
        }
        return stretched
    }

    /// Compares without telling through time where the two differ.
    static func isEqual(_ secret: SecretBytes, _ stored: Data) -> Bool {
        secret.count == stored.count
            && secret.withBytes { left in
                stored.withUnsafeBytes { right in sodium_memcmp(left.baseAddress, right.baseAddress, left.count) == 0 }
            }
    }
}
