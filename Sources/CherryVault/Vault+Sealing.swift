public import CherryCore
import Crypto
public import Foundation
import Synchronization

extension Vault: RecordSealer {
    public var activeKey: KeyID {
        get throws { try self.memory.withLock { try $0.ring.active.id } }
    }

    public func seal(_ plaintext: Data, at address: RecordAddress) throws -> Data {
        let key = try self.memory.withLock { memory in
            let key = try memory.ring.active
            try self.countSeal(of: key.id, upTo: self.configuration.sealCeiling, in: &memory)
            return key
        }
        return try SealedEnvelope.seal(
            plaintext,
            keyID: key.id,
            key: key.key(for: address.collection.purpose),
            associatedData: Self.associatedData(address, keyID: key.id)
        )
    }

    public func open(_ sealed: Data, at address: RecordAddress) throws -> Data {
        let ring = try self.memory.withLock { try $0.ring }
        guard let key = ring.find(try SealedEnvelope.keyID(of: sealed)) else { throw VaultError(.tampered) }
        return try SealedEnvelope.open(
            sealed,
            key: key.key(for: address.collection.purpose),
            associatedData: Self.associatedData(address, keyID: key.id)
        )
    }

    public func keyID(of sealed: Data) throws -> KeyID {
        try SealedEnvelope.keyID(of: sealed)
    }

    public func digestTerm(for stamp: RecordStamp, key: KeyID) throws -> [UInt8] {
        let key = try self.liveKey(key)
        var message = FramedBytes(domain: "cherry/digest-term/v1")
        message.add(stamp.collection.rawValue)
        message.add(stamp.id)
        message.add(stamp.version)
        return Derivation.hmac(message.bytes, key: key.digestTerms)
    }

    public func sealDigest(_ plaintext: Data, key: KeyID) throws -> Data {
        let key = try self.memory.withLock { memory in
            guard let key = try memory.ring.find(key) else { throw VaultError(.unknownKey) }
            // Records stop at the ceiling; their digest must still be written while they move away from the key.
            let ceiling = self.configuration.sealCeiling + self.configuration.digestAllowance
            try self.countSeal(of: key.id, upTo: ceiling, in: &memory)
            return key
        }
        return try SealedEnvelope.seal(
            plaintext,
            keyID: key.id,
            key: key.key(for: .digest),
            associatedData: Self.digestAssociatedData(keyID: key.id)
        )
    }

    public func openDigest(_ sealed: Data, key: KeyID) throws -> Data {
        let key = try self.liveKey(key)
        guard try SealedEnvelope.keyID(of: sealed) == key.id else { throw VaultError(.tampered) }
        return try SealedEnvelope.open(
            sealed,
            key: key.key(for: .digest),
            associatedData: Self.digestAssociatedData(keyID: key.id)
        )
    }

    private func liveKey(_ id: KeyID) throws -> RootKey {
        guard let key = try self.memory.withLock({ try $0.ring }).find(id) else { throw VaultError(.unknownKey) }
        return key
    }

    /// Counts one use of a key before it happens, and reserves the next stretch in the header when one is used up.
    ///
    /// - Throws: `VaultError` with code `.keyExhausted`, or `.unavailable` when the header cannot be written.
    private func countSeal(of key: KeyID, upTo ceiling: UInt64, in memory: inout VaultMemory) throws {
        let seals = memory.unlocked?.seals[key] ?? 0
        guard seals < ceiling else { throw VaultError(.keyExhausted) }
        if seals >= memory.header?.reservedSeals(of: key) ?? 0 {
            try self.reserveSeals(of: key, after: seals, in: &memory)
        }
        memory.unlocked?.seals[key] = seals + 1
    }

    private func reserveSeals(of key: KeyID, after seals: UInt64, in memory: inout VaultMemory) throws {
        guard var header = memory.header else { throw VaultError(.sealed) }
        header.setReservedSeals(seals + self.configuration.sealReservation, of: key)
        try self.save(&header, under: try memory.ring.active)
        memory.header = header
    }

    /// Where a record belongs, as AES-GCM authenticates it.
    private static func associatedData(_ address: RecordAddress, keyID: KeyID) -> FramedBytes {
        var data = FramedBytes(domain: "cherry/record/v1")
        data.add(address.collection.purpose.rawValue)
        data.add(address.collection.rawValue)
        data.add(address.id)
        data.add(address.schema)
        data.add(keyID.rawValue)
        data.add(address.version)
        return data
    }

    private static func digestAssociatedData(keyID: KeyID) -> FramedBytes {
        var data = FramedBytes(domain: "cherry/digest/v1")
        data.add(KeyPurpose.digest.rawValue)
        data.add(keyID.rawValue)
        return data
    }
}
