import CherryCore
import Crypto
import Foundation

/// A slot that has its secret and waits for root keys to be wrapped for it.
///
/// Made in two steps because the first is slow and the second must see the header as it is at that moment.
struct NewSlot: Sendable {
    let id: SlotID
    private let kind: SlotKind
    private let createdAt: Timestamp
    private let argon2: Argon2Parameters?
    private let salt: [UInt8]
    private let secret: SlotSecret

    /// Stretches `input` with a fresh salt. Slow unless `kind` is `machine`: run it on a `DerivationLane`.
    init(_ kind: SlotKind, input: SecretBytes, argon2: Argon2Parameters, at time: Timestamp) throws(VaultError) {
        self.id = .make(at: time)
        self.kind = kind
        self.createdAt = time
        self.argon2 = kind == .machine ? nil : argon2
        self.salt = randomBytes(count: Argon2.saltLength)
        self.secret = try SlotSecret.derive(from: input, salt: self.salt, argon2: self.argon2)
    }

    /// Wraps all of `keys` for the slot.
    func slot(
        wrapping keys: KeyRing,
        vaultID: RecordID,
        identity: Curve25519.KeyAgreement.PrivateKey
    ) throws(VaultError) -> KeySlot {
        let publicKey = self.secret.privateKey.publicKey
        var wraps: [KeyWrap] = []
        for key in keys.all {
            wraps.append(
                try KeyWrap.make(key, vaultID: vaultID, slotID: self.id, recipient: publicKey, identity: identity)
            )
        }
        let pin = self.secret.pin(
            of: identity.publicKey.rawRepresentation,
            vaultID: vaultID,
            slotID: self.id,
            kind: self.kind
        )
        return KeySlot(
            id: self.id,
            kind: self.kind,
            createdAt: self.createdAt,
            argon2: self.argon2,
            salt: Base64URLBytes(self.salt),
            publicKey: Base64URLBytes(publicKey.rawRepresentation),
            pin: Base64URLBytes(pin),
            wraps: wraps
        )
    }
}
