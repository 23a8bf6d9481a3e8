import CherryCore

/// Everything that changes in a vault, behind its mutex.
struct VaultMemory: Sendable {
    /// What is there while the vault is unlocked, and nowhere else.
    struct Unlocked: Sendable {
        var ring: KeyRing
        let since: Timestamp
        var lastActivity: Timestamp
        /// How often each live key has sealed.
        var seals: [KeyID: UInt64]
    }

    var header: VaultHeader?
    var unlocked: Unlocked?
    var idleLimit: Duration?

    /// The keys.
    ///
    /// - Throws: `VaultError` with code `.sealed`.
    var ring: KeyRing {
        get throws(VaultError) {
            guard let ring = self.unlocked?.ring else { throw VaultError(.sealed) }
            return ring
        }
    }

    /// Takes keys in, and keeps the moment of an earlier unlock.
    mutating func unlock(_ ring: KeyRing, header: VaultHeader, at now: Timestamp) {
        guard self.unlocked == nil else {
            self.unlocked?.lastActivity = now
            return
        }
        let seals = header.keys.map { ($0.id, $0.reservedSeals) }
        self.unlocked = Unlocked(
            ring: ring,
            since: now,
            lastActivity: now,
            seals: Dictionary(uniqueKeysWithValues: seals)
        )
    }

    /// When the vault locks if nobody touches it.
    var idleLockAt: Timestamp? {
        guard let unlocked = self.unlocked, let limit = self.idleLimit else { return nil }
        return unlocked.lastActivity + limit
    }
}

extension VaultMemory: CustomStringConvertible, CustomReflectable {
    var description: String { "VaultMemory(<redacted>)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
