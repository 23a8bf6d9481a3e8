import CherryCore
import CherryStore
import Foundation
import GRDB

/// What a write needs to know of the row that it replaces.
struct CurrentRow {
    let stamp: RecordStamp
    let scope: RecordID?
    /// `nil` for a tombstone.
    let keyID: KeyID?

    /// Looks a row up; `nil` when there is none.
    init?(_ db: Database, _ collection: RecordCollection, _ id: RecordID) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT version, scope, key_id FROM records WHERE collection = ? AND id = ?"
        )
        guard let row = try Row.fetchOne(statement, arguments: [collection.rawValue, Data(id.bytes)]) else {
            return nil
        }
        self.stamp = RecordStamp(collection: collection, id: id, version: try row.decode(Int64.self, atIndex: 0))
        self.scope = try row.decode(Data?.self, atIndex: 1).flatMap { RecordID(bytes: $0) }
        self.keyID = row.hasNull(atIndex: 2) ? nil : try KeyID(row, at: 2)
    }
}
