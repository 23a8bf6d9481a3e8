import CherryCore
import Crypto
import Foundation

/// One root key wrapped for one slot: HPKE (RFC 9180) in authenticated mode, from the vault's identity to the slot.
///
/// Only the slot's private key opens it, and only the identity's private key makes it. So a rotation wraps a new root
/// key for every slot without anybody's secret, and who can write the header but not unlock the vault cannot slip in
/// a root key of their own.
struct KeyWrap: Codable, Hashable, Sendable {
    var keyID: KeyID
    var encapsulatedKey: Base64URLBytes
    var ciphertext: Base64URLBytes

    private static var suite: HPKE.Ciphersuite {
        HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
    }

    static func make(
        _ key: RootKey,
        vaultID: RecordID,
        slotID: SlotID,
        recipient: Curve25519.KeyAgreement.PublicKey,
        identity: Curve25519.KeyAgreement.PrivateKey
    ) throws(VaultError) -> KeyWrap {
        do {
            var sender = try HPKE.Sender(
                recipientKey: recipient,
                ciphersuite: self.suite,
                info: self.info(vaultID: vaultID, slotID: slotID, keyID: key.id),
                authenticatedBy: identity
            )
            let ciphertext = try key.root.withUnsafeBytes { try sender.seal(Array($0)) }
            return KeyWrap(
                keyID: key.id,
                encapsulatedKey: Base64URLBytes(sender.encapsulatedKey),
                ciphertext: Base64URLBytes(ciphertext)
            )
        } catch {
            throw VaultError(.unavailable, message: "The root key could not be wrapped.", underlying: error)
        }
    }

    /// - Throws: `VaultError` with code `.tampered`.
    func open(
        vaultID: RecordID,
        slotID: SlotID,
        recipient: Curve25519.KeyAgreement.PrivateKey,
        identity: Curve25519.KeyAgreement.PublicKey
    ) throws(VaultError) -> RootKey {
        let root: SymmetricKey
        do {
            var opener = try HPKE.Recipient(
                privateKey: recipient,
                ciphersuite: Self.suite,
                info: Self.info(vaultID: vaultID, slotID: slotID, keyID: self.keyID),
                encapsulatedKey: self.encapsulatedKey.data,
                authenticatedBy: identity
            )
            root = SymmetricKey(data: try opener.open(self.ciphertext.data))
        } catch {
            throw VaultError(.tampered, message: "The vault's header was altered.", underlying: error)
        }
        return try RootKey(id: self.keyID, root: root)
    }

    private static func info(vaultID: RecordID, slotID: SlotID, keyID: KeyID) -> Data {
        var info = FramedBytes(domain: "cherry/root-key-wrap/v1")
        info.add(vaultID)
        info.add(slotID)
        info.add(keyID.rawValue)
        return Data(info.bytes)
    }
}
