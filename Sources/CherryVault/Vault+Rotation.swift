public import CherryCore
import Foundation

extension Vault {
    /// Makes a new root key active. What the old one sealed still opens and has to be sealed anew, record by record.
    ///
    /// The new key is wrapped for every slot without anybody's secret and the header is saved before anything can be
    /// sealed under it: a crash at any moment leaves either the old key alone or both, and `status.rotation` says
    /// which. After a restart the caller goes on where it was, and ends with `finishRotation`.
    ///
    /// - Returns: the new active key.
    /// - Throws: `VaultError` with code `.rotationRunning` or `.sealed`.
    public func beginRotation() async throws -> KeyID {
        try self.change { header, ring in
            let old = ring.active
            guard header.retiring == nil else { throw VaultError(.rotationRunning) }

            let new = try RootKey.make(id: KeyID(rawValue: old.id.rawValue + 1))
            let identity = try header.identity.open(vaultID: header.vaultID, with: old)
            header.identity = try VaultIdentity.make(identity, vaultID: header.vaultID, under: new)
            for index in header.slots.indices {
                let wrap = try KeyWrap.make(
                    new,
                    vaultID: header.vaultID,
                    slotID: header.slots[index].id,
                    recipient: try header.slots[index].recipient,
                    identity: identity
                )
                header.slots[index].wraps.append(wrap)
            }
            for index in header.keys.indices { header.keys[index].state = .retiring }
            header.keys.append(KeyEntry(id: new.id, state: .active, createdAt: self.clock.now, reservedSeals: 0))
            ring = KeyRing(active: new, retiring: old)
            return new.id
        }
    }

    /// Drops the old key. To be called once the store holds nothing under it, and no write sealed under it is on its
    /// way: what is still sealed under it can never be opened again.
    ///
    /// - Throws: `VaultError` with code `.unknownKey` when `retiring` is not the key that the rotation empties, or
    ///   `.sealed`.
    public func finishRotation(retiring: KeyID) throws {
        try self.change { header, ring in
            guard header.retiring?.id == retiring else { throw VaultError(.unknownKey) }
            header.keys.removeAll { $0.id == retiring }
            for index in header.slots.indices { header.slots[index].wraps.removeAll { $0.keyID == retiring } }
            ring = KeyRing(active: ring.active, retiring: nil)
        }
    }
}
