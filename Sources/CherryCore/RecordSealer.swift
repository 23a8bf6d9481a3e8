public import Foundation

/// Which root key sealed something. Grows by one with every rotation; zero is never used.
public struct KeyID: Hashable, Sendable, Comparable, RawRepresentable, Codable {
    /// The number stored in front of each sealed record.
    public let rawValue: UInt32

    /// Creates an id from its stored number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static func < (lhs: KeyID, rhs: KeyID) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Where a sealed record belongs: all of it is authenticated with the ciphertext and none of it is stored inside.
///
/// A record that is moved to another id, another collection, or back to an earlier version does not open.
public struct RecordAddress: Hashable, Sendable {
    /// The table.
    public let collection: RecordCollection
    /// The record.
    public let id: RecordID
    /// The row version that this ciphertext is: 1 for a new record, one more with each write.
    public let version: Int64
    /// The shape of the plaintext, so that a later program knows which decoder to use.
    public let schema: UInt16

    /// Names the place that a ciphertext is bound to.
    public init(collection: RecordCollection, id: RecordID, version: Int64, schema: UInt16 = 1) {
        self.collection = collection
        self.id = id
        self.version = version
        self.schema = schema
    }
}

/// The tables. The raw value is what the store and the associated data hold: never rename one.
public enum RecordCollection: String, Sendable, CaseIterable, Codable {
    case conversations, messages, personas, preferences, providers, secrets, devices, audit
    case aliases, tokens, usage, prices, servers, context

    /// The purpose whose key seals this collection (see "Keys" in the design): credentials have a key of their own.
    public var purpose: KeyPurpose {
        switch self {
        case .secrets, .devices, .tokens: .secrets
        default: .records
        }
    }
}

/// What a key derived from the root key is for. The raw value enters the derivation: never rename one.
public enum KeyPurpose: String, Sendable, CaseIterable {
    case records, secrets, index, backups, digest
}

/// One live row as the keyed set digest sees it.
public struct RecordStamp: Hashable, Sendable {
    public let collection: RecordCollection
    public let id: RecordID
    public let version: Int64

    /// Names one version of one row.
    public init(collection: RecordCollection, id: RecordID, version: Int64) {
        self.collection = collection
        self.id = id
        self.version = version
    }
}

/// Seals and opens records. `CherryVault` implements it; the store is given one and never sees a key.
///
/// All methods are synchronous, fast (no key derivation from a passphrase) and safe to call from any thread. Each
/// throws an error whose `isSealed` is true while the vault is locked, and one whose `isTampered` is true when a
/// ciphertext does not open at its address.
public protocol RecordSealer: Sendable {
    /// The key that new records are sealed under.
    var activeKey: KeyID { get throws }

    /// Seals `plaintext` under the active key.
    func seal(_ plaintext: Data, at address: RecordAddress) throws -> Data

    /// Opens what `seal` made at the same address, under whichever live key it names.
    func open(_ sealed: Data, at address: RecordAddress) throws -> Data

    /// The key that `sealed` says it was made with, without opening it.
    func keyID(of sealed: Data) throws -> KeyID

    /// A pseudo-random 256-bit value for one row version, under the digest key of `key`; 32 bytes, big-endian.
    func digestTerm(for stamp: RecordStamp, key: KeyID) throws -> [UInt8]

    /// Seals the running digest of all rows under `key` (not the active key: each key has its own digest).
    func sealDigest(_ plaintext: Data, key: KeyID) throws -> Data

    /// Opens what `sealDigest` made.
    func openDigest(_ sealed: Data, key: KeyID) throws -> Data
}
