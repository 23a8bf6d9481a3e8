import CherryCore
import Crypto
import Foundation

/// The vault's document: everything needed to unlock except the secrets.
///
/// All of it is authenticated under the active root key. That can be checked only while unlocking, so what is read
/// before (the parameters of the key derivations) is held to bounds instead.
struct VaultHeader: Codable, Hashable, Sendable {
    static let currentVersion = 1

    var version: Int
    var vaultID: RecordID
    var createdAt: Timestamp
    var kdf: KDFParameters
    var verifier: AuthVerifier
    var identity: VaultIdentity
    var slots: [KeySlot]
    var keys: [KeyEntry]
    var recoveryConfirmed: Bool
    /// HMAC-SHA256 over the document without this field.
    var mac: Base64URLBytes?

    /// The slot that the user's passphrase opens.
    ///
    /// - Throws: never for a header that was read: reading one without it fails.
    var passphraseSlot: KeySlot {
        get throws(VaultError) {
            guard let slot = self.slots.first(where: { $0.kind == .passphrase }) else {
                throw VaultError(.damagedHeader)
            }
            return slot
        }
    }

    /// The key that a running rotation empties.
    var retiring: KeyEntry? { self.keys.first { $0.state == .retiring } }

    /// The upper bound of how often `key` has sealed.
    func reservedSeals(of key: KeyID) -> UInt64 {
        self.keys.first { $0.id == key }?.reservedSeals ?? 0
    }

    /// Raises or lowers the bound of `key`.
    mutating func setReservedSeals(_ count: UInt64, of key: KeyID) {
        guard let index = self.keys.firstIndex(where: { $0.id == key }) else { return }
        self.keys[index].reservedSeals = count
    }

    /// Puts `slot` in the place of the one of the same kind, or at the end.
    mutating func replaceSlot(with slot: KeySlot) {
        if let index = self.slots.firstIndex(where: { $0.kind == slot.kind }) {
            self.slots[index] = slot
        } else {
            self.slots.append(slot)
        }
    }

    /// Unwraps every live key with a slot's secret and authenticates the whole document with them.
    ///
    /// - Throws: `VaultError` with code `.tampered`.
    func open(_ slot: KeySlot, with secret: SlotSecret) throws(VaultError) -> KeyRing {
        let altered = VaultError(.tampered, message: "The vault's header was altered.")
        let identity = self.identity.publicKey.data
        guard
            secret.accepts(
                pin: slot.pin.data,
                of: identity,
                vaultID: self.vaultID,
                slotID: slot.id,
                kind: slot.kind
            )
        else { throw altered }
        guard let sender = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: identity) else { throw altered }
        var active: RootKey?
        var retiring: RootKey?
        for entry in self.keys {
            guard let wrap = slot.wraps.first(where: { $0.keyID == entry.id }) else { throw altered }
            let key = try wrap.open(
                vaultID: self.vaultID,
                slotID: slot.id,
                recipient: secret.privateKey,
                identity: sender
            )
            switch entry.state {
            case .active: active = key
            case .retiring: retiring = key
            }
        }
        guard let active, try self.isAuthentic(under: active) else { throw altered }
        return KeyRing(active: active, retiring: retiring)
    }

    /// Computes the MAC anew after a change.
    mutating func authenticate(under key: RootKey) throws(VaultError) {
        self.mac = Base64URLBytes(Derivation.hmac(try self.authenticatedBytes(), key: key.header))
    }

    private func isAuthentic(under key: RootKey) throws(VaultError) -> Bool {
        guard let mac = self.mac else { return false }
        return Derivation.isHMAC(mac.data, of: try self.authenticatedBytes(), key: key.header)
    }

    private func authenticatedBytes() throws(VaultError) -> Data {
        var rest = self
        rest.mac = nil
        return Data("cherry/header/v1\n".utf8) + (try rest.encoded())
    }

    /// The document as it is stored and authenticated: compact JSON with sorted keys, so that equal headers are equal
    /// bytes.
    func encoded() throws(VaultError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(self)
        } catch {
            throw VaultError(.unavailable, message: "The vault's header could not be written.", underlying: error)
        }
    }
}
