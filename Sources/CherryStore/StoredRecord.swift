public import CherryCore
public import Foundation

/// One row as it lies on disk: opaque ids, a version, a time and ciphertext.
public struct StoredRecord: Sendable, Hashable {
    public let collection: RecordCollection
    public let id: RecordID
    /// The record that this one belongs to (a message's conversation); `nil` for those that belong to none.
    public let scope: RecordID?
    /// 1 when the row was made, one more with each write, tombstones included.
    public let version: Int64
    /// The row's place in the change feed: the position of its last write. Unique, rising, without meaning otherwise.
    public let position: Int64
    public let changedAt: Timestamp
    /// The shape of the plaintext.
    public let schema: UInt16
    /// The key it is sealed under; `nil` for a tombstone.
    public let keyID: KeyID?
    /// The ciphertext; `nil` for a tombstone.
    public let sealed: Data?

    /// Whether the record was deleted and only its tombstone is left.
    public var isTombstone: Bool { self.sealed == nil }

    /// Describes a row.
    public init(
        collection: RecordCollection,
        id: RecordID,
        scope: RecordID?,
        version: Int64,
        position: Int64,
        changedAt: Timestamp,
        schema: UInt16,
        keyID: KeyID?,
        sealed: Data?
    ) {
        self.collection = collection
        self.id = id
        self.scope = scope
        self.version = version
        self.position = position
        self.changedAt = changedAt
        self.schema = schema
        self.keyID = keyID
        self.sealed = sealed
    }
}

extension StoredRecord {
    /// The row as the digest sees it.
    public var stamp: RecordStamp {
        RecordStamp(collection: self.collection, id: self.id, version: self.version)
    }

    /// What its ciphertext is bound to.
    public var address: RecordAddress {
        RecordAddress(collection: self.collection, id: self.id, version: self.version, schema: self.schema)
    }
}
