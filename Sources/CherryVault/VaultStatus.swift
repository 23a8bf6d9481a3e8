public import CherryCore

/// Identifies a key slot.
public typealias SlotID = RecordID

/// What the vault says of itself; carries no secret.
public struct VaultStatus: Sendable, Hashable {
    /// One way to unlock.
    public struct Slot: Sendable, Hashable {
        public let id: SlotID
        public let kind: SlotKind
        public let createdAt: Timestamp
    }

    /// One live root key.
    public struct Key: Sendable, Hashable {
        public let id: KeyID
        /// Whether new records are sealed under it.
        public let isActive: Bool
        public let createdAt: Timestamp
        /// How often it has sealed, at most: after a crash the count is up to one reservation too high.
        public let seals: UInt64
        /// Whether it has sealed so often that it should be rotated now, with three quarters of its life left.
        public let shouldRotate: Bool
    }

    /// A rotation that has begun and not finished.
    public struct Rotation: Sendable, Hashable {
        /// The key whose records are being sealed anew.
        public let retiring: KeyID
        /// The key that they move to.
        public let active: KeyID
    }

    public let state: VaultState
    /// When the vault will lock if nobody touches it; `nil` while locked or when no limit is set.
    public let idleLockAt: Timestamp?
    /// Whether the user has shown that they hold the recovery kit.
    public let recoveryConfirmed: Bool
    public let slots: [Slot]
    /// Live keys, oldest first. While locked, as the header says and not yet authenticated.
    public let keys: [Key]
    public let rotation: Rotation?
}
