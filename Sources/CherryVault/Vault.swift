public import CherryCore
import Synchronization

/// Keeps the root keys: sealed until somebody unlocks it, sealed again when it is locked or idle.
///
/// The keys are random and live in memory only. The header, kept by a `KeyStore`, holds them wrapped once for each
/// slot (passphrase, recovery code, machine key). Changing a slot wraps them anew and touches no record.
///
/// One process owns a header at a time. It is read again at each unlocking, so changes made while the vault was
/// locked are seen.
///
/// ## Topics
/// - Unlocking: `create`, `unlock`, `recover`, `verify`, `lock`, `touch`, `lockIfIdle`, `lockEvents`
/// - Slots: `changePassphrase`, `replaceRecoveryCode`, `confirmRecovery`, `addMachineSlot`, `removeSlot`
/// - Sealing (`RecordSealer`): `seal`, `open`, `digestTerm`, `sealDigest`, `openDigest`
/// - Rotation: `beginRotation`, `finishRotation`
public final class Vault: Sendable {
    let keyStore: any KeyStore
    let configuration: Configuration
    let clock: WallClock
    let lane = DerivationLane(label: "cherry.vault.argon2")
    let memory: Mutex<VaultMemory>
    let listeners = LockListeners()

    /// Reads the header, if there is one. The vault starts sealed.
    ///
    /// - Throws: `VaultError` with code `.damagedHeader`, `.tooNew` or `.weakKDF`; the header is left as it is.
    public init(
        keyStore: any KeyStore,
        configuration: Configuration = Configuration(),
        clock: WallClock = .system
    ) throws {
        guard configuration.argon2.isWithin(floor: configuration.argon2Floor) else {
            throw VaultError(
                .weakKDF,
                message: "Argon2id must use 64 MiB to 1 GiB and 3 to 16 passes.",
                hint: "Correct the settings of the vault."
            )
        }
        self.keyStore = keyStore
        self.configuration = configuration
        self.clock = clock
        let header = try Self.load(keyStore, floor: configuration.argon2Floor)
        self.memory = Mutex(VaultMemory(header: header, idleLimit: configuration.idleLimit))
    }

    /// What the vault can do right now.
    public var state: VaultState {
        self.memory.withLock { Self.state(of: $0) }
    }

    /// How the passphrase is stretched; `nil` before there is a vault. Public, also while sealed.
    public var kdf: KDFParameters? {
        self.memory.withLock { $0.header?.kdf }
    }

    /// What the vault says of itself.
    public var status: VaultStatus {
        self.memory.withLock { memory in
            let header = memory.header
            return VaultStatus(
                state: Self.state(of: memory),
                idleLockAt: memory.idleLockAt,
                recoveryConfirmed: header?.recoveryConfirmed ?? false,
                slots: header?.slots.map { VaultStatus.Slot(id: $0.id, kind: $0.kind, createdAt: $0.createdAt) } ?? [],
                keys: header?.keys.map { entry in
                    let seals = memory.unlocked?.seals[entry.id] ?? entry.reservedSeals
                    return VaultStatus.Key(
                        id: entry.id,
                        isActive: entry.state == .active,
                        createdAt: entry.createdAt,
                        seals: seals,
                        shouldRotate: entry.state == .active && seals >= self.configuration.rotationThreshold
                    )
                } ?? [],
                rotation: Self.rotation(of: header)
            )
        }
    }

    /// Removes the header and the keys: nothing that was sealed can ever be opened again.
    public func erase() throws {
        let wasUnlocked = try self.memory.withLock { memory in
            try Self.keeping { try self.keyStore.erase() }
            defer {
                memory.header = nil
                memory.unlocked = nil
            }
            return memory.unlocked != nil
        }
        if wasUnlocked { self.listeners.tell(.erased) }
    }

    private static func state(of memory: VaultMemory) -> VaultState {
        if let unlocked = memory.unlocked { return .unlocked(since: unlocked.since) }
        return memory.header == nil ? .uninitialized : .sealed
    }

    private static func rotation(of header: VaultHeader?) -> VaultStatus.Rotation? {
        guard let retiring = header?.retiring, let active = header?.keys.first(where: { $0.state == .active }) else {
            return nil
        }
        return VaultStatus.Rotation(retiring: retiring.id, active: active.id)
    }
}

extension Vault: CustomStringConvertible, CustomReflectable {
    public var description: String { "Vault(\(self.state.name))" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
