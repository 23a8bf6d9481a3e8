public import CherryCore
public import Foundation

/// Being written: the interface is settled, the bodies are not.
public final class Vault: Sendable, RecordSealer {
    public init(keyStore: any KeyStore, configuration: Configuration = Configuration(), clock: WallClock = .system) throws {}
    public var state: VaultState { .uninitialized }
    public var kdf: KDFParameters? { nil }
    public var status: VaultStatus {
        VaultStatus(state: self.state, idleLockAt: nil, recoveryConfirmed: false, slots: [], keys: [], rotation: nil)
    }
    public var idleLimit: Duration? { get { nil } set {} }
    public var lockEvents: AsyncStream<LockReason> { AsyncStream { $0.finish() } }
    public func create(login: LoginKeys, kdf: KDFParameters) async throws -> RecoveryCode { throw VaultError(.unavailable) }
    public func verify(_ authKey: SecretBytes) async throws -> Bool { throw VaultError(.unavailable) }
    public func verify(_ login: LoginKeys) async throws -> Bool { throw VaultError(.unavailable) }
    public func unlock(_ login: LoginKeys) async throws { throw VaultError(.unavailable) }
    public func unlock(recovery: RecoveryCode) async throws { throw VaultError(.unavailable) }
    public func unlockWithMachineKey(_ source: MachineKeySource) async throws { throw VaultError(.unavailable) }
    public func lock() {}
    public func touch() {}
    public func lockIfIdle() -> Bool { false }
    public func changePassphrase(current: LoginKeys, new: LoginKeys, kdf: KDFParameters) async throws { throw VaultError(.unavailable) }
    public func recover(_ code: RecoveryCode, new: LoginKeys, kdf: KDFParameters) async throws { throw VaultError(.unavailable) }
    public func replaceRecoveryCode() async throws -> RecoveryCode { throw VaultError(.unavailable) }
    public func confirmRecovery() throws { throw VaultError(.unavailable) }
    public func addMachineSlot(_ source: MachineKeySource) async throws -> SlotID { throw VaultError(.unavailable) }
    public func removeSlot(_ id: SlotID) throws { throw VaultError(.unavailable) }
    public func beginRotation() async throws -> KeyID { throw VaultError(.unavailable) }
    public func finishRotation(retiring: KeyID) throws { throw VaultError(.unavailable) }
    public func erase() throws { throw VaultError(.unavailable) }

    public var activeKey: KeyID { get throws { throw VaultError(.sealed) } }
    public func seal(_ plaintext: Data, at address: RecordAddress) throws -> Data { throw VaultError(.sealed) }
    public func open(_ sealed: Data, at address: RecordAddress) throws -> Data { throw VaultError(.sealed) }
    public func keyID(of sealed: Data) throws -> KeyID { throw VaultError(.tampered) }
    public func digestTerm(for stamp: RecordStamp, key: KeyID) throws -> [UInt8] { throw VaultError(.sealed) }
    public func sealDigest(_ plaintext: Data, key: KeyID) throws -> Data { throw VaultError(.sealed) }
    public func openDigest(_ sealed: Data, key: KeyID) throws -> Data { throw VaultError(.sealed) }
}
