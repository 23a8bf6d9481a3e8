import CherryCore
import Crypto
import Foundation

/// The X25519 key pair in whose name root keys are wrapped. It is made with the vault and stays.
struct VaultIdentity: Codable, Hashable, Sendable {
    var publicKey: Base64URLBytes
    /// Sealed under the active root key.
    var sealedPrivateKey: Base64URLBytes

    static func make(
        _ privateKey: Curve25519.KeyAgreement.PrivateKey,
        vaultID: RecordID,
        under key: RootKey
    ) throws(VaultError) -> VaultIdentity {
        let sealed = try AEAD.seal(
            privateKey.rawRepresentation,
            key: key.identity,
            associatedData: self.associatedData(vaultID, key.id)
        )
        return VaultIdentity(
            publicKey: Base64URLBytes(privateKey.publicKey.rawRepresentation),
            sealedPrivateKey: Base64URLBytes(sealed)
        )
    }

    func open(vaultID: RecordID, with key: RootKey) throws(VaultError) -> Curve25519.KeyAgreement.PrivateKey {
        let raw = try AEAD.open(
            self.sealedPrivateKey.data,
            key: key.identity,
            associatedData: Self.associatedData(vaultID, key.id)
        )
        do {
            return try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: raw)
        } catch {
            throw VaultError(.tampered, message: "The vault's header was altered.", underlying: error)
        }
    }

    private static func associatedData(_ vaultID: RecordID, _ keyID: KeyID) -> [UInt8] {
        var data = FramedBytes(domain: "cherry/identity/v1")
        data.add(vaultID)
        data.add(keyID.rawValue)
        return data.bytes
    }
}
