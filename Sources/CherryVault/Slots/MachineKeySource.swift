/// Where the key of a machine slot lies. The library reads no environment: the caller names the place.
public enum MachineKeySource: Sendable, Hashable {
    /// A file of 32 random bytes, readable by its owner alone, outside `dataDirectory`, so that a copy of the data
    /// does not carry the key that opens it. `Vault.addMachineSlot` makes it when it is missing.
    case keyFile(path: String, dataDirectory: String)
    /// A credential of 32 random bytes that the service manager unsealed into `directory` (systemd names it in
    /// `CREDENTIALS_DIRECTORY`). It is never written.
    case systemdCredential(directory: String, name: String)
}
