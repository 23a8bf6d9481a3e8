import CherryCore
import Crypto
import Foundation

/// One way to unlock, as the header keeps it.
struct KeySlot: Codable, Hashable, Sendable {
    var id: SlotID
    var kind: SlotKind
    var createdAt: Timestamp
    /// How the slot's secret is stretched; absent for a machine key.
    var argon2: Argon2Parameters?
    var salt: Base64URLBytes
    /// X25519: root keys are wrapped to it.
    var publicKey: Base64URLBytes
    /// Binds the slot to the vault's identity, under a key that only the slot's secret gives.
    var pin: Base64URLBytes
    /// Every live root key.
    var wraps: [KeyWrap]

    /// Stretches `input` as this slot asks. Slow: run it on a `DerivationLane`.
    ///
    /// - Returns: `nil` when it is not what the slot was made with.
    func secret(from input: SecretBytes) throws(VaultError) -> SlotSecret? {
        let secret = try SlotSecret.derive(from: input, salt: self.salt.data, argon2: self.argon2)
        return secret.privateKey.publicKey.rawRepresentation == self.publicKey.data ? secret : nil
    }

    /// Whom root keys are wrapped to.
    var recipient: Curve25519.KeyAgreement.PublicKey {
        get throws(VaultError) {
            do {
                return try Curve25519.KeyAgreement.PublicKey(rawRepresentation: self.publicKey.data)
            } catch {
                throw VaultError(.damagedHeader, underlying: error)
            }
        }
    }

    /// Whether `other` is opened by the same secret in the same way: false once the slot was made anew.
    func isSameLock(as other: KeySlot) -> Bool {
        self.id == other.id && self.kind == other.kind && self.argon2 == other.argon2 && self.salt == other.salt
            && self.publicKey == other.publicKey
    }
}
