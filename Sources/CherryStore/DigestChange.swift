public import CherryCore
public import Foundation

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
