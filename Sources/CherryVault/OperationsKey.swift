public import CherryCore
import Crypto
import Foundation
import Synchronization

/// The machine's own key: seals the journal and the credentials of alert and telemetry destinations, so that a locked
/// server can still tell that something is wrong. It opens no record, secret or index.
///
/// Like the key of a machine slot it is 32 random bytes in a systemd credential, or in a file of mode 0600 outside the
/// data directory that is made on first use.
public final class OperationsKey: OperationsSealer {
    private static let keyID = KeyID(rawValue: 1)
    /// Positions of one lane that share a derived key: random nonces stay far below 2³² uses of one key.
    private static let positionsPerKey: UInt64 = 1 << 24
    private static let cachedKeys = 16

    private let root: SymmetricKey
    private let derived = Mutex<[String: SymmetricKey]>([:])

    /// Reads the key, or makes the key file and the folder that it lies in.
    ///
    /// - Throws: `VaultError` with code `.machineKeyUnavailable` and what is wrong: missing, of the wrong length, inside
    ///   the data directory, or open to others.
    public convenience init(_ source: MachineKeySource) throws {
        if case .keyFile(let path, _) = source {
            try Self.makeFolder((path as NSString).deletingLastPathComponent)
        }
        self.init(key: try source.readOrMake())
    }

    package init(key: SecretBytes) {
        self.root = key.withBytes { SymmetricKey(data: $0) }
    }

    public func seal(_ plaintext: [UInt8], at address: OperationsAddress) throws -> [UInt8] {
        let (key, place) = try self.key(for: address)
        return Array(
            try SealedEnvelope.seal(Data(plaintext), keyID: Self.keyID, key: key, associatedData: place)
        )
    }

    public func open(_ sealed: [UInt8], at address: OperationsAddress) throws -> [UInt8] {
        let sealed = Data(sealed)
        guard try SealedEnvelope.keyID(of: sealed) == Self.keyID else { throw VaultError(.tampered) }
        let (key, place) = try self.key(for: address)
        return Array(try SealedEnvelope.open(sealed, key: key, associatedData: place))
    }

    private func key(for address: OperationsAddress) throws -> (SymmetricKey, FramedBytes) {
        var place = FramedBytes(domain: "cherry/operations/v1")
        switch address {
        case .journal(let id, let lane, let position, let kind, let at):
            place.add("journal")
            place.add(id)
            place.add(lane)
            place.add(position)
            place.add(kind)
            place.add(at.milliseconds)
            let part = position / Self.positionsPerKey
            return (try self.derive("cherry/operations/journal/\(id)/\(lane)/\(part)"), place)
        case .credential(let name):
            place.add("credential")
            place.add(name)
            return (try self.derive("cherry/operations/credentials"), place)
        }
    }

    private func derive(_ info: String) throws -> SymmetricKey {
        if let key = self.derived.withLock({ $0[info] }) { return key }
        let key = try Derivation.hkdf(self.root, info: info)
        self.derived.withLock { keys in
            if keys.count >= Self.cachedKeys { keys.removeAll() }
            keys[info] = key
        }
        return key
    }

    private static func makeFolder(_ path: String) throws {
        guard !path.isEmpty else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw VaultError(
                .machineKeyUnavailable,
                message: "The operations key cannot be made: its directory is missing.",
                hint: "Make a directory for it that this user can write to.",
                underlying: error
            )
        }
    }
}

extension OperationsKey: CustomStringConvertible, CustomReflectable {
    public var description: String { "OperationsKey(<redacted>)" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
