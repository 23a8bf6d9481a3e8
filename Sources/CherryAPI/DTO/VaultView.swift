import CherryCore
import CherryVault

/// What the vault says of itself, as it is sent.
struct VaultView: Encodable, Sendable {
    /// One way to unlock.
    struct Slot: Encodable, Sendable {
        let id: RecordID
        let kind: String
        let createdAt: Timestamp

        /// Shows a slot.
        init(_ slot: VaultStatus.Slot) {
            self.id = slot.id
            self.kind = slot.kind.rawValue
            self.createdAt = slot.createdAt
        }
    }

    /// One live key.
    struct Key: Encodable, Sendable {
        let id: UInt32
        let active: Bool
        /// Records sealed under it.
        let records: Int
        let seals: UInt64
        let createdAt: Timestamp
        let shouldRotate: Bool
    }

    /// How far a rotation is.
    struct Rotation: Encodable, Sendable {
        let running = true
        /// Records that are still under another key than the active one.
        let remaining: Int
    }

    let state: String
    let unlockedAt: Timestamp?
    let idleLockAt: Timestamp?
    let recoveryConfirmed: Bool
    let slots: [Slot]
    let keys: [Key]
    let rotation: Rotation?

    /// Shows the vault.
    ///
    /// - Parameter records: how many records each key seals.
    init(_ status: VaultStatus, records: [KeyID: Int]) {
        self.state = status.state.name
        self.unlockedAt = status.state.unlockedSince
        self.idleLockAt = status.idleLockAt
        self.recoveryConfirmed = status.recoveryConfirmed
        self.slots = status.slots.map(Slot.init)
        self.keys = status.keys.map { key in
            Key(
                id: key.id.rawValue,
                active: key.isActive,
                records: records[key.id] ?? 0,
                seals: key.seals,
                createdAt: key.createdAt,
                shouldRotate: key.shouldRotate
            )
        }
        self.rotation = status.rotation.map { rotation in
            Rotation(remaining: records.filter { $0.key != rotation.active }.values.reduce(0, +))
        }
    }
}
