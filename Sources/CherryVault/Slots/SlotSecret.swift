import CherryCore
import Crypto
import Foundation

/// What a slot's passphrase, code or machine key turns into: a private key to unwrap with, and a key for the pin.
struct SlotSecret: Sendable {
    let privateKey: Curve25519.KeyAgreement.PrivateKey
    private let pinKey: SymmetricKey

    /// Stretches what opens the slot. Slow for a passphrase or a recovery code: run it on a `DerivationLane`.
    ///
    /// - Parameter argon2: `nil` for a machine key, which is random and needs no stretching.
    static func derive(
        from input: SecretBytes,
        salt: some Collection<UInt8>,
        argon2: Argon2Parameters?
    ) throws(VaultError) -> SlotSecret {
        let seed: SymmetricKey
        if let argon2 {
            seed = SymmetricKey(try Argon2.id(input, salt: salt, parameters: argon2))
        } else {
            seed = try Derivation.hkdf(SymmetricKey(input), salt: Data(salt), info: Array("cherry/machine".utf8))
        }
        let scalar = try Derivation.hkdf(seed, info: "cherry/slot/agreement")
        do {
            return SlotSecret(
                privateKey: try scalar.withUnsafeBytes {
                    try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: $0)
                },
                pinKey: try Derivation.hkdf(seed, info: "cherry/slot/pin")
            )
        } catch {
            throw VaultError(.unavailable, message: "The slot's key could not be derived.", underlying: error)
        }
    }

    /// Authenticates, for whoever holds this secret, which identity may wrap root keys for the slot.
    func pin(of identity: Data, vaultID: RecordID, slotID: SlotID, kind: SlotKind) -> Data {
        Data(Derivation.hmac(Self.pinned(identity, vaultID, slotID, kind), key: self.pinKey))
    }

    func accepts(pin: Data, of identity: Data, vaultID: RecordID, slotID: SlotID, kind: SlotKind) -> Bool {
        Derivation.isHMAC(pin, of: Self.pinned(identity, vaultID, slotID, kind), key: self.pinKey)
    }

    private static func pinned(_ identity: Data, _ vaultID: RecordID, _ slotID: SlotID, _ kind: SlotKind) -> [UInt8] {
        var message = FramedBytes(domain: "cherry/slot-pin/v1")
        message.add(vaultID)
        message.add(slotID)
        message.add(kind.rawValue)
        message.add(identity)
        return message.bytes
    }
}

extension SlotSecret: CustomStringConvertible, CustomReflectable {
    var description: String { "SlotSecret(<redacted>)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
