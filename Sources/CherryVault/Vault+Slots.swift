public import CherryCore
import Foundation
import Synchronization

extension Vault {
    /// Wraps the root keys for a new passphrase; the old one opens nothing any more. Touches no record.
    ///
    /// - Throws: `VaultError` with code `.wrongPassphrase` when `current` is wrong, `.sealed`, or `.weakKDF`.
    public func changePassphrase(current: LoginKeys, new login: LoginKeys, kdf: KDFParameters) async throws {
        try Self.check(login, kdf)
        let before = try self.unlockedHeader().verifier
        guard try await self.verify(current) else { throw VaultError(.wrongPassphrase) }
        let passphrase = try await self.newPassphrase(login)
        try self.change { header, ring in
            guard header.verifier == before else { throw VaultError(.wrongPassphrase) }
            try passphrase.install(in: &header, kdf: kdf, ring: ring)
        }
    }

    /// Makes a new recovery code; the old one opens nothing any more, and the user has to confirm the new one.
    ///
    /// - Returns: the code, to be shown once.
    /// - Throws: `VaultError` with code `.sealed`.
    public func replaceRecoveryCode() async throws -> RecoveryCode {
        try self.checkUnlocked()
        let code = RecoveryCode.make()
        let argon2 = self.configuration.argon2
        let now = self.clock.now
        let fresh = try await self.lane.run { try NewSlot(.recovery, input: code.bytes, argon2: argon2, at: now) }
        try self.change { header, ring in
            header.replaceSlot(with: try Self.slot(fresh, in: header, ring: ring))
            header.recoveryConfirmed = false
        }
        return code
    }

    /// Notes that the user has shown that they hold the recovery kit.
    ///
    /// - Throws: `VaultError` with code `.sealed`, or `.slotNotFound` when there is no recovery slot.
    public func confirmRecovery() throws {
        try self.change { header, _ in
            guard header.slots.contains(where: { $0.kind == .recovery }) else {
                throw VaultError(.slotNotFound, message: "There is no recovery kit.", hint: "Make a new one first.")
            }
            header.recoveryConfirmed = true
        }
    }

    /// Lets the machine unlock by itself from now on.
    ///
    /// Whoever can read the machine's key and a copy of the data can read everything: that is the price.
    ///
    /// - Returns: the new slot's id, or that of the slot which this very key opens already.
    /// - Throws: `VaultError` with code `.sealed`, or `.machineKeyUnavailable` and what is wrong with the key.
    public func addMachineSlot(_ source: MachineKeySource) async throws -> SlotID {
        try self.checkUnlocked()
        let key = try source.readOrMake()
        let fresh = try NewSlot(.machine, input: key, argon2: self.configuration.argon2, at: self.clock.now)
        return try self.change { header, ring in
            if let (existing, _) = try Self.machineSlot(of: header, for: key) { return existing.id }
            header.slots.append(try Self.slot(fresh, in: header, ring: ring))
            return fresh.id
        }
    }

    /// Removes a recovery or machine slot.
    ///
    /// - Throws: `VaultError` with code `.sealed`, `.slotNotFound`, or `.lastSlot` for the passphrase's.
    public func removeSlot(_ id: SlotID) throws {
        try self.change { header, _ in
            guard let slot = header.slots.first(where: { $0.id == id }) else { throw VaultError(.slotNotFound) }
            guard slot.kind != .passphrase else { throw VaultError(.lastSlot) }
            header.slots.removeAll { $0.id == id }
            if slot.kind == .recovery { header.recoveryConfirmed = false }
        }
    }

    private func checkUnlocked() throws {
        _ = try self.unlockedHeader()
    }

    private func unlockedHeader() throws -> VaultHeader {
        try self.memory.withLock { memory in
            guard let header = memory.header else { throw VaultError(.uninitialized) }
            _ = try memory.ring
            return header
        }
    }

    private static func slot(_ fresh: NewSlot, in header: VaultHeader, ring: KeyRing) throws(VaultError) -> KeySlot {
        let identity = try header.identity.open(vaultID: header.vaultID, with: ring.active)
        return try fresh.slot(wrapping: ring, vaultID: header.vaultID, identity: identity)
    }
}
