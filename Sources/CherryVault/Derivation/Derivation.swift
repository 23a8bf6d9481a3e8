import CherryCore
import Crypto
import CryptoExtras
import Foundation

/// Key derivation, by swift-crypto. Slow functions run on a `DerivationLane`.
enum Derivation {
    /// The most that HKDF-SHA256 can put out: 255 blocks (RFC 5869).
    static let hkdfCeiling = 255 * SHA256.byteCount

    /// HKDF-SHA256. `info` keeps keys of different use apart.
    static func hkdf(
        _ key: SymmetricKey,
        salt: Data = Data(),
        info: some DataProtocol,
        count: Int = 32
    ) throws(VaultError) -> SymmetricKey {
        guard (1...self.hkdfCeiling).contains(count) else {
            throw VaultError(.weakKDF, message: "HKDF-SHA256 puts out between 1 and 8160 bytes.")
        }
        return HKDF<SHA256>.deriveKey(inputKeyMaterial: key, salt: salt, info: info, outputByteCount: count)
    }

    /// HKDF-SHA256 with an empty salt and a name.
    static func hkdf(_ key: SymmetricKey, info: String) throws(VaultError) -> SymmetricKey {
        try self.hkdf(key, info: Array(info.utf8))
    }

    /// HMAC-SHA256.
    static func hmac(_ message: some DataProtocol, key: SymmetricKey) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
    }

    /// Compares without telling through time where the two differ.
    static func isHMAC(_ code: Data, of message: some DataProtocol, key: SymmetricKey) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: key)
    }

    /// PBKDF2-HMAC-SHA256, whatever the number of rounds: callers check `KDFParameters` first.
    static func pbkdf2(
        _ password: [UInt8],
        salt: Data,
        iterations: Int,
        count: Int
    ) throws(VaultError) -> SymmetricKey {
        do {
            return try KDF.Insecure.PBKDF2.deriveKey(
                // HMAC pads its key with zeros, so one zero byte is the empty password, which the library cannot take.
                from: password.isEmpty ? [0] : password,
                salt: salt,
                using: .sha256,
                outputByteCount: count,
                unsafeUncheckedRounds: iterations
            )
        } catch {
            throw VaultError(.unavailable, message: "The passphrase could not be stretched.", underlying: error)
        }
    }
}

extension SymmetricKey {
    /// The key's bytes in a buffer that is wiped.
    var secretBytes: SecretBytes { self.withUnsafeBytes { SecretBytes($0) } }

    /// Takes a copy of key material.
    init(_ secret: SecretBytes) {
        self = secret.withBytes { SymmetricKey(data: $0) }
    }
}
