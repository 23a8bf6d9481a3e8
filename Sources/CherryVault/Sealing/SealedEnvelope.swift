import CherryCore
import Crypto
import Foundation

/// The stored form of everything sealed: version byte, key id (32 bits, big-endian), nonce, ciphertext, tag.
enum SealedEnvelope {
    static let version: UInt8 = 1
    private static let prefixLength = 5
    /// How many bytes sealing adds.
    static let overhead = prefixLength + AEAD.nonceLength + AEAD.tagLength

    static func seal(
        _ plaintext: Data,
        keyID: KeyID,
        key: SymmetricKey,
        associatedData: FramedBytes
    ) throws(VaultError) -> Data {
        let combined = try AEAD.seal(plaintext, key: key, associatedData: associatedData.bytes)
        var sealed = Data(capacity: self.prefixLength + combined.count)
        sealed.append(self.version)
        withUnsafeBytes(of: keyID.rawValue.bigEndian) { sealed.append(contentsOf: $0) }
        sealed.append(combined)
        return sealed
    }

    static func open(_ sealed: Data, key: SymmetricKey, associatedData: FramedBytes) throws(VaultError) -> Data {
        try AEAD.open(sealed.dropFirst(self.prefixLength), key: key, associatedData: associatedData.bytes)
    }

    /// Reads which key `sealed` names.
    ///
    /// - Throws: `VaultError` with code `.tampered` for what cannot be an envelope of this version.
    static func keyID(of sealed: Data) throws(VaultError) -> KeyID {
        guard sealed.count >= self.overhead, sealed.first == self.version else { throw VaultError(.tampered) }
        let number = sealed.dropFirst().prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard number != 0 else { throw VaultError(.tampered) }
        return KeyID(rawValue: number)
    }
}
