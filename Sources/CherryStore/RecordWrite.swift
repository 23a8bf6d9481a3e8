public import CherryCore
public import Foundation

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
