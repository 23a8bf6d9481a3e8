public import CherryCore

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
