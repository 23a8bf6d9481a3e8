import CherryCore
import Foundation

/// The stretched keys of a new passphrase, ready to enter a header.
struct NewPassphrase: Sendable {
    private let verifier: AuthVerifier
    private let slot: NewSlot

    /// Slow: run it on a `DerivationLane`.
    init(_ login: LoginKeys, argon2: Argon2Parameters, at time: Timestamp) throws(VaultError) {
        self.verifier = try AuthVerifier.make(login.authKey, argon2: argon2)
        self.slot = try NewSlot(.passphrase, input: login.unsealKey, argon2: argon2, at: time)
    }

    /// Puts the passphrase in the place of the old one. No record is touched.
    func install(in header: inout VaultHeader, kdf: KDFParameters, ring: KeyRing) throws(VaultError) {
        let identity = try header.identity.open(vaultID: header.vaultID, with: ring.active)
        header.replaceSlot(with: try self.slot.slot(wrapping: ring, vaultID: header.vaultID, identity: identity))
        header.verifier = self.verifier
        header.kdf = kdf
    }
}
