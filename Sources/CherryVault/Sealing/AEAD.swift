import Crypto
import Foundation

/// AES-256-GCM with a 96-bit nonce, by swift-crypto: the one cipher of the vault.
enum AEAD {
    static let nonceLength = 12
    static let tagLength = 16

    /// Encrypts under a fresh random nonce.
    ///
    /// - Returns: nonce, ciphertext and tag, one after the other.
    static func seal(
        _ plaintext: some DataProtocol,
        key: SymmetricKey,
        nonce: AES.GCM.Nonce = AES.GCM.Nonce(),
        associatedData: some DataProtocol
    ) throws(VaultError) -> Data {
        do {
            let box = try AES.GCM.seal(plaintext, using: key, nonce: nonce, authenticating: associatedData)
            guard let combined = box.combined else {
                throw VaultError(.unavailable, message: "The cipher takes nonces of 12 bytes only.")
            }
            return combined
        } catch let error as VaultError {
            throw error
        } catch {
            throw VaultError(.unavailable, message: "Sealing failed.", underlying: error)
        }
    }

    /// Decrypts what `seal` returned.
    ///
    /// - Throws: `VaultError` with code `.tampered` when any bit of anything is different.
    static func open(
        _ combined: Data,
        key: SymmetricKey,
        associatedData: some DataProtocol
    ) throws(VaultError) -> Data {
        do {
            return try AES.GCM.open(AES.GCM.SealedBox(combined: combined), using: key, authenticating: associatedData)
        } catch {
            throw VaultError(.tampered, underlying: error)
        }
    }
}
