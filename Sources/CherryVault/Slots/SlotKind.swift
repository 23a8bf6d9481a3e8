/// What opens a key slot.
public enum SlotKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The user's passphrase. There is exactly one.
    case passphrase
    /// The printed recovery code. There is at most one.
    case recovery
    /// A key that this machine holds, so that the server unlocks without anybody. Opt-in.
    case machine
}
