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

/// One write: the new version of a row, or its tombstone.
public struct RecordWrite: Sendable, Hashable {
    public let collection: RecordCollection
    public let id: RecordID
    /// Ignored by a delete: a tombstone keeps the scope of its row.
    public let scope: RecordID?
    /// The version that the writer saw: 0 for a record it believes to be new. Anything else there is a conflict.
    public let baseVersion: Int64
    public let schema: UInt16
    public let keyID: KeyID?
    /// Ciphertext sealed for version `baseVersion + 1`; `nil` deletes.
    public let sealed: Data?
    public let changedAt: Timestamp

    /// Describes a write.
    public init(
        collection: RecordCollection,
        id: RecordID,
        scope: RecordID?,
        baseVersion: Int64,
        schema: UInt16 = 1,
        keyID: KeyID?,
        sealed: Data?,
        changedAt: Timestamp
    ) {
        self.collection = collection
        self.id = id
        self.scope = scope
        self.baseVersion = baseVersion
        self.schema = schema
        self.keyID = keyID
        self.sealed = sealed
        self.changedAt = changedAt
    }
}

/// A stretch of the change feed.
public struct ChangePage: Sendable {
    /// Rows in order of position, each as it is now.
    public let records: [StoredRecord]
    /// Ask from here next. Equal to the given position when nothing is new.
    public let next: Int64
    /// Whether more is waiting.
    public let hasMore: Bool
    /// Whether tombstones after the given position may have been purged, or the position is not of this store: the
    /// reader must start over from 0 and drop what it does not see again. Such a page holds no records, and `next` is 0.
    public let isStale: Bool

    /// Describes a stretch.
    public init(records: [StoredRecord], next: Int64, hasMore: Bool, isStale: Bool) {
        self.records = records
        self.next = next
        self.hasMore = hasMore
        self.isStale = isStale
    }
}

/// What a batch does to the rows that one key seals. Tombstones are in no digest.
public struct DigestChange: Sendable, Hashable {
    public var removed: [RecordStamp]
    public var added: [RecordStamp]

    /// Describes a change.
    public init(removed: [RecordStamp] = [], added: [RecordStamp] = []) {
        self.removed = removed
        self.added = added
    }
}

/// Computes the new sealed digest of one key inside the transaction that changes its rows.
public typealias DigestUpdate = @Sendable (_ key: KeyID, _ sealed: Data?, _ change: DigestChange) throws -> Data

/// Keeps sealed records and their change feed. Engines conform; `RecordStoreContract` in `CherryTesting` is the law.
///
/// - Important: a method that returned has been made durable (SQLite: `synchronous=FULL`).
/// - Throws: `StoreError` throughout; `.conflict` from `write` leaves the store as it was.
public protocol RecordStore: Sendable {
    /// One row, or `nil`; a tombstone is returned as such.
    func read(_ collection: RecordCollection, _ id: RecordID) async throws -> StoredRecord?

    /// The rows of those of `ids` that exist, tombstones included, in the order of `ids` and from one snapshot.
    func read(_ collection: RecordCollection, _ ids: [RecordID]) async throws -> [StoredRecord]

    /// Live rows of a collection in order of id, after `after`, at most `limit`; only those of `scope` when it is given.
    func list(
        _ collection: RecordCollection,
        scope: RecordID?,
        after: RecordID?,
        limit: Int
    ) async throws -> [StoredRecord]

    /// Live rows still sealed under a key other than `active`, in no particular order, at most `limit`.
    func records(notUnder active: KeyID, limit: Int) async throws -> [StoredRecord]

    /// How many live rows each key seals.
    func counts() async throws -> [KeyID: Int]

    /// The change feed after `position`, at most `limit` rows.
    func changes(since position: Int64, limit: Int) async throws -> ChangePage

    /// The newest position that was given; 0 when nothing was ever written.
    func position() async throws -> Int64

    /// Applies all writes in one transaction, or none of them.
    ///
    /// - Parameter digest: called once for each key that the batch touches, within the transaction.
    /// - Returns: the rows as stored, in the order of `batch`.
    /// - Throws: `StoreError` with code `.conflict` and the id when a row is not at its `baseVersion`.
    @discardableResult
    func write(_ batch: [RecordWrite], digest: @escaping DigestUpdate) async throws -> [StoredRecord]

    /// Every live row's stamp by key and each key's sealed digest, from one snapshot; hands stamps out in batches.
    ///
    /// The change feed keeps its own list of ids and versions beside the rows; a row that the feed knows and the table
    /// does not hold at that version is reported in `strays`.
    func audit(_ visit: @escaping @Sendable (KeyID, [RecordStamp]) throws -> Void) async throws -> StoreAudit

    /// Checks the engine's own structures.
    ///
    /// - Throws: `StoreError` with code `.damaged` and what is damaged.
    func checkIntegrity() async throws

    /// Forgets tombstones older than `time`.
    func purgeTombstones(before time: Timestamp) async throws

    /// Removes every row, digest and feed entry, and leaves none of their bytes in the engine's files. Positions go on
    /// from where they were, so every reader of the feed finds its cursor stale.
    func erase() async throws

    /// The size of the engine's files, in bytes.
    func bytes() async throws -> Int64
}

/// What an audit of the store found besides the stamps it handed out.
public struct StoreAudit: Sendable {
    /// The sealed digest of each key.
    public let digests: [KeyID: Data]
    /// Rows on which the table and the change feed disagree: dropped, rolled back or added behind the feed's back.
    public let strays: [RecordStamp]

    /// Describes findings.
    public init(digests: [KeyID: Data], strays: [RecordStamp]) {
        self.digests = digests
        self.strays = strays
    }
}
