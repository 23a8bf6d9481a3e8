import CherryCore
import CherryStore
import Foundation
import GRDB

extension StoredRecord {
    /// The columns that `init(row:)` reads, in its order.
    static let columns = "collection, id, scope, version, position, changed_at, schema, key_id, sealed"

    static func columns(_ table: String) -> String {
        self.columns.split(separator: ", ").map { "\(table).\($0)" }.joined(separator: ", ")
    }

    /// Reads a row without trusting it.
    init(row: Row) throws {
        self.init(
            collection: try RecordCollection(row, at: 0),
            id: try RecordID(row, at: 1),
            scope: row.hasNull(atIndex: 2) ? nil : try RecordID(row, at: 2),
            version: try row.decode(Int64.self, atIndex: 3),
            position: try row.decode(Int64.self, atIndex: 4),
            changedAt: Timestamp(milliseconds: try row.decode(Int64.self, atIndex: 5)),
            schema: try row.decode(UInt16.self, atIndex: 6),
            keyID: row.hasNull(atIndex: 7) ? nil : try KeyID(row, at: 7),
            sealed: try row.decode(Data?.self, atIndex: 8)
        )
    }
}

extension RecordStamp {
    /// Reads collection, id and version from the first three columns.
    init(row: Row) throws {
        self.init(
            collection: try RecordCollection(row, at: 0),
            id: try RecordID(row, at: 1),
            version: try row.decode(Int64.self, atIndex: 2)
        )
    }
}

extension RecordCollection {
    fileprivate init(_ row: Row, at index: Int) throws {
        guard let collection = RecordCollection(rawValue: try row.decode(String.self, atIndex: index)) else {
            throw StoreError.damaged("A row lies in a collection that this program does not know.")
        }
        self = collection
    }
}

extension RecordID {
    fileprivate init(_ row: Row, at index: Int) throws {
        guard let id = RecordID(bytes: try row.decode(Data.self, atIndex: index)) else {
            throw StoreError.damaged("A row has an id that is none.")
        }
        self = id
    }
}

extension KeyID {
    init(_ row: Row, at index: Int) throws {
        self.init(rawValue: try row.decode(UInt32.self, atIndex: index))
    }
}
