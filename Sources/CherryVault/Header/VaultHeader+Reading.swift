import CherryCore
import Foundation

extension VaultHeader {
    /// Larger documents are not read.
    static let sizeLimit = 1 << 18
    private static let slotLimit = 16
    private static let keyLimit = 2

    private struct Version: Decodable { let version: Int }

    /// Reads a stored document and refuses what this program would not have written.
    ///
    /// - Parameter floor: the least work of Argon2id to accept, so that an altered document cannot make guessing cheap.
    /// - Throws: `VaultError` with code `.tooNew`, `.damagedHeader`, or `.weakKDF`.
    static func read(_ data: Data, floor: Argon2Parameters) throws(VaultError) -> VaultHeader {
        guard data.count <= self.sizeLimit else { throw self.damaged("it is too large") }
        let decoder = JSONDecoder()
        let header: VaultHeader
        do {
            let version = try decoder.decode(Version.self, from: data).version
            guard version <= self.currentVersion else { throw VaultError(.tooNew) }
            guard version == self.currentVersion else { throw self.damaged("its version is unknown") }
            header = try decoder.decode(VaultHeader.self, from: data)
        } catch let error as VaultError {
            throw error
        } catch {
            throw VaultError(.damagedHeader, underlying: error)
        }
        try header.checkShape()
        try header.kdf.validate()
        for parameters in [header.verifier.argon2] + header.slots.compactMap(\.argon2)
        where !parameters.isWithin(floor: floor) {
            throw VaultError(
                .weakKDF,
                message: "The vault's header asks for too little or too much work of Argon2id.",
                hint: "The file was altered or damaged, and left as it is: restore it from a backup."
            )
        }
        return header
    }

    private func checkShape() throws(VaultError) {
        guard self.slots.filter({ $0.kind == .passphrase }).count == 1 else {
            throw Self.damaged("it must have one passphrase slot")
        }
        guard self.slots.filter({ $0.kind == .recovery }).count <= 1, self.slots.count <= Self.slotLimit,
            Set(self.slots.map(\.id)).count == self.slots.count
        else { throw Self.damaged("it has too many slots") }
        let ids = self.keys.map(\.id)
        guard self.keys.filter({ $0.state == .active }).count == 1, (1...Self.keyLimit).contains(self.keys.count),
            Set(ids).count == ids.count, !ids.contains(KeyID(rawValue: 0)), !ids.contains(KeyID(rawValue: .max))
        else { throw Self.damaged("it must have one active key") }
        guard self.verifier.salt.count == Argon2.saltLength, self.verifier.hash.count == 32,
            self.identity.publicKey.count == 32
        else { throw Self.damaged("a field has the wrong length") }
        for slot in self.slots {
            guard slot.salt.count == Argon2.saltLength, slot.publicKey.count == 32, slot.pin.count == 32,
                (slot.argon2 == nil) == (slot.kind == .machine), slot.wraps.map(\.keyID) == ids
            else { throw Self.damaged("a slot is incomplete") }
        }
    }

    private static func damaged(_ reason: String) -> VaultError {
        VaultError(.damagedHeader, message: "The vault's header cannot be read: \(reason).")
    }
}
