public import CherryCore
import Crypto
import Foundation
import Synchronization

extension Vault {
    /// Makes the vault: a random root key, the passphrase's slot and a recovery code's. Leaves it unlocked.
    ///
    /// - Returns: the recovery code, to be shown once; it is kept nowhere.
    /// - Throws: `VaultError` with code `.alreadyInitialized`, or `.weakKDF` when `kdf` is out of bounds or a key has
    ///   the wrong length.
    public func create(login: LoginKeys, kdf: KDFParameters) async throws -> RecoveryCode {
        try Self.check(login, kdf)
        try self.checkAbsent()
        let code = RecoveryCode.make()
        let now = self.clock.now
        let argon2 = self.configuration.argon2
        let (verifier, passphrase, recovery) = try await self.lane.run {
            (
                try AuthVerifier.make(login.authKey, argon2: argon2),
                try NewSlot(.passphrase, input: login.unsealKey, argon2: argon2, at: now),
                try NewSlot(.recovery, input: code.bytes, argon2: argon2, at: now)
            )
        }

        let vaultID = RecordID.make(at: now)
        let ring = KeyRing(active: try RootKey.make(id: KeyID(rawValue: 1)), retiring: nil)
        let identity = Curve25519.KeyAgreement.PrivateKey()
        var header = VaultHeader(
            version: VaultHeader.currentVersion,
            vaultID: vaultID,
            createdAt: now,
            kdf: kdf,
            verifier: verifier,
            identity: try VaultIdentity.make(identity, vaultID: vaultID, under: ring.active),
            slots: [
                try passphrase.slot(wrapping: ring, vaultID: vaultID, identity: identity),
                try recovery.slot(wrapping: ring, vaultID: vaultID, identity: identity),
            ],
            keys: [KeyEntry(id: ring.active.id, state: .active, createdAt: now, reservedSeals: 0)],
            recoveryConfirmed: false
        )
        try self.memory.withLock { memory in
            guard memory.header == nil else { throw VaultError(.alreadyInitialized) }
            try self.save(&header, under: ring.active)
            memory.header = header
            memory.unlock(ring, header: header, at: self.clock.now)
        }
        return code
    }

    /// Whether `authKey` is the passphrase's, by its Argon2id hash; works while sealed too.
    ///
    /// - Throws: `VaultError` with code `.uninitialized`.
    public func verify(_ authKey: SecretBytes) async throws -> Bool {
        guard let verifier = self.memory.withLock({ $0.header?.verifier }) else { throw VaultError(.uninitialized) }
        return try await self.accepts(authKey, by: verifier)
    }

    /// Whether both keys are the passphrase's: what to ask before something that a session alone must not do.
    ///
    /// - Throws: `VaultError` with code `.uninitialized`.
    public func verify(_ login: LoginKeys) async throws -> Bool {
        guard try await self.verify(login.authKey) else { return false }
        guard let header = self.memory.withLock({ $0.header }) else { throw VaultError(.uninitialized) }
        return try await self.secret(of: try header.passphraseSlot, from: login.unsealKey) != nil
    }

    /// Unlocks with the passphrase, or confirms it when the vault is unlocked already.
    ///
    /// - Throws: `VaultError` with code `.wrongPassphrase`, `.uninitialized`, or `.tampered` when the header was altered.
    public func unlock(_ login: LoginKeys) async throws {
        let header = try self.headerToUnlock()
        guard try await self.accepts(login.authKey, by: header.verifier) else { throw VaultError(.wrongPassphrase) }
        let slot = try header.passphraseSlot
        guard let secret = try await self.secret(of: slot, from: login.unsealKey) else {
            throw VaultError(.wrongPassphrase)
        }
        try self.unlock(slot, with: secret, otherwise: VaultError(.wrongPassphrase))
    }

    /// Unlocks with the recovery code. The passphrase stays what it was; see `recover` for a new one.
    ///
    /// - Throws: `VaultError` with code `.wrongRecoveryCode`, `.uninitialized`, or `.tampered`.
    public func unlock(recovery code: RecoveryCode) async throws {
        let (slot, secret) = try await self.recoverySlot(for: code)
        try self.unlock(slot, with: secret, otherwise: VaultError(.wrongRecoveryCode))
    }

    /// Unlocks with the machine's key.
    ///
    /// - Throws: `VaultError` with code `.machineKeyUnavailable` and what is wrong with it, `.uninitialized`, or
    ///   `.tampered`.
    public func unlockWithMachineKey(_ source: MachineKeySource) async throws {
        let header = try self.headerToUnlock()
        let key = try source.read()
        guard let (slot, secret) = try Self.machineSlot(of: header, for: key) else {
            throw VaultError(
                .machineKeyUnavailable,
                message: "The machine key opens no slot of this vault.",
                hint: "Add a slot for it with `cherry vault add-slot`."
            )
        }
        try self.unlock(slot, with: secret, otherwise: VaultError(.machineKeyUnavailable))
    }

    /// Unlocks a recovery code's vault and gives it a new passphrase, in one write of the header.
    ///
    /// The recovery code stays valid. Works while sealed and while unlocked.
    ///
    /// - Throws: `VaultError` with code `.wrongRecoveryCode`, `.weakKDF`, `.uninitialized`, or `.tampered`.
    public func recover(_ code: RecoveryCode, new login: LoginKeys, kdf: KDFParameters) async throws {
        try Self.check(login, kdf)
        let (slot, secret) = try await self.recoverySlot(for: code)
        let passphrase = try await self.newPassphrase(login)
        try self.memory.withLock { memory in
            guard var header = memory.header else { throw VaultError(.uninitialized) }
            let current = try Self.sameLock(slot, in: header, otherwise: VaultError(.wrongRecoveryCode))
            let ring = try header.open(current, with: secret)
            try passphrase.install(in: &header, kdf: kdf, ring: ring)
            try self.save(&header, under: ring.active)
            memory.header = header
            memory.unlock(ring, header: header, at: self.clock.now)
        }
    }

    /// Stretches the keys of a new passphrase.
    func newPassphrase(_ login: LoginKeys) async throws -> NewPassphrase {
        let argon2 = self.configuration.argon2
        let now = self.clock.now
        return try await self.lane.run { try NewPassphrase(login, argon2: argon2, at: now) }
    }

    /// Refuses parameters and keys that must not enter a header.
    static func check(_ login: LoginKeys, _ kdf: KDFParameters) throws(VaultError) {
        try kdf.validate()
        guard login.authKey.count == LoginKeys.keyLength, login.unsealKey.count == LoginKeys.keyLength else {
            throw VaultError(.weakKDF, message: "The keys derived from a passphrase must have 32 bytes.")
        }
    }

    /// The machine slot that `key` opens.
    static func machineSlot(
        of header: VaultHeader,
        for key: SecretBytes
    ) throws(VaultError) -> (KeySlot, SlotSecret)? {
        for slot in header.slots where slot.kind == .machine {
            if let secret = try slot.secret(from: key) { return (slot, secret) }
        }
        return nil
    }

    private func checkAbsent() throws {
        try self.memory.withLock { memory in
            if memory.header == nil {
                memory.header = try Self.load(self.keyStore, floor: self.configuration.argon2Floor)
            }
            guard memory.header == nil else { throw VaultError(.alreadyInitialized) }
        }
    }

    private func accepts(_ authKey: SecretBytes, by verifier: AuthVerifier) async throws -> Bool {
        try await self.lane.run { try verifier.accepts(authKey) }
    }

    private func secret(of slot: KeySlot, from input: SecretBytes) async throws -> SlotSecret? {
        try await self.lane.run { try slot.secret(from: input) }
    }

    private func recoverySlot(for code: RecoveryCode) async throws -> (KeySlot, SlotSecret) {
        let header = try self.headerToUnlock()
        guard let slot = header.slots.first(where: { $0.kind == .recovery }),
            let secret = try await self.secret(of: slot, from: code.bytes)
        else { throw VaultError(.wrongRecoveryCode) }
        return (slot, secret)
    }

    /// Opens the keys with a slot's secret, if the slot is still the one that the secret was derived for.
    private func unlock(_ slot: KeySlot, with secret: SlotSecret, otherwise wrong: VaultError) throws {
        try self.memory.withLock { memory in
            guard let header = memory.header else { throw VaultError(.uninitialized) }
            let ring = try header.open(try Self.sameLock(slot, in: header, otherwise: wrong), with: secret)
            memory.unlock(ring, header: header, at: self.clock.now)
        }
    }

    private static func sameLock(
        _ slot: KeySlot,
        in header: VaultHeader,
        otherwise wrong: VaultError
    ) throws(VaultError) -> KeySlot {
        guard let current = header.slots.first(where: { $0.isSameLock(as: slot) }) else { throw wrong }
        return current
    }
}
