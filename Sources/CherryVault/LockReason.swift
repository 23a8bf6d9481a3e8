/// Why the vault dropped its keys.
public enum LockReason: String, Sendable, Hashable {
    /// Somebody asked for it, or the server stops.
    case requested
    /// Nobody used it for as long as `Vault.idleLimit`.
    case idle
    /// The vault was erased.
    case erased
}
