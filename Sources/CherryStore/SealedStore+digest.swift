import CherryCore
import Foundation

/// A write was sealed under a key that is no longer the active one. Never leaves this target.
struct KeyChanged: Error {}

extension SealedStore {
    /// Carries a change of the set of rows over to the sealed digest of one key.
    ///
    /// Runs inside the engine's transaction. A row sealed under a key that stopped being the active one is refused
    /// there, so once a rotation has moved every row, nothing under the old key can follow.
    ///
    /// - Parameter addsRows: whether the transaction stores rows, which are then under the active key.
    func digestUpdate(addsRows: Bool) -> DigestUpdate {
        { [sealer] key, sealed, change in
            let active = try sealer.activeKey
            guard change.added.isEmpty || key == active else { throw KeyChanged() }
            var digest = try Self.digest(sealed, of: key, by: sealer)
            if sealed == nil, !change.removed.isEmpty {
                throw Self.digestMissing(key)
            }
            for stamp in change.removed {
                digest.subtract(try sealer.digestTerm(for: stamp, key: key), in: stamp.collection)
            }
            for stamp in change.added {
                digest.add(try sealer.digestTerm(for: stamp, key: key), in: stamp.collection)
            }
            if key != active, addsRows { digest.movedTo = active.rawValue }
            return try sealer.sealDigest(digest.encoded, key: key)
        }
    }

    /// Opens the digest of a key; that of no rows when there is none yet.
    static func digest(_ sealed: Data?, of key: KeyID, by sealer: any RecordSealer) throws -> SetDigest {
        guard let sealed else { return SetDigest() }
        let plaintext: Data
        do {
            plaintext = try sealer.openDigest(sealed, key: key)
        } catch let error as any CherryError where error.isTampered {
            throw StoreError.tampered("The digest of the records under key \(key.rawValue) does not open.")
        }
        guard let digest = SetDigest(encoded: plaintext) else {
            throw StoreError(
                .undecodable,
                message: "The digest of the records under key \(key.rawValue) does not have a known shape.",
                hint: "A newer program may have written it; run that one."
            )
        }
        return digest
    }
}
