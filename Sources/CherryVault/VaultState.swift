public import CherryCore

/// What the vault can do right now.
public enum VaultState: Sendable, Hashable {
    /// There is no vault. Exits: `unlocked` by `create`.
    case uninitialized
    /// There is a vault and its keys are not in memory. Exits: `unlocked` by unlocking, `uninitialized` by `erase`.
    case sealed
    /// The keys are in memory since that moment. Exits: `sealed` by locking, `uninitialized` by `erase`.
    case unlocked(since: Timestamp)

    /// `uninitialized`, `sealed` or `unlocked`.
    public var name: String {
        switch self {
        case .uninitialized: "uninitialized"
        case .sealed: "sealed"
        case .unlocked: "unlocked"
        }
    }

    /// Whether records can be opened.
    public var isUnlocked: Bool {
        if case .unlocked = self { true } else { false }
    }
}
