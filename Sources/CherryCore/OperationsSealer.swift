/// Where something sealed under the operations key belongs: all of it is authenticated with the ciphertext and none of
/// it is stored inside.
public enum OperationsAddress: Hashable, Sendable {
    /// A record of the journal `id`. Its lane, position, kind and time cannot be changed without notice.
    case journal(id: UInt64, lane: UInt8, position: UInt64, kind: UInt8, at: Timestamp)
    /// A credential of a destination of alerts or telemetry.
    case credential(name: String)
}

/// Seals and opens what the server needs while the vault is locked: the journal, and the credentials of those who are
/// told when something breaks. `CherryVault` implements it with a key that opens no record, secret or index.
///
/// Both methods are synchronous, fast and safe to call from any thread. What does not open at its address throws an
/// error whose `isTampered` is true.
public protocol OperationsSealer: Sendable {
    func seal(_ plaintext: [UInt8], at address: OperationsAddress) throws -> [UInt8]
    func open(_ sealed: [UInt8], at address: OperationsAddress) throws -> [UInt8]
}
