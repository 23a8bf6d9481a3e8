public import CherryCore
public import CherryStore
import Foundation
import GRDB

extension SQLiteRecordStore {
    /// Stamps handed out at once.
    private static let auditBatch = 1024
    /// Strays that are reported at most; one is enough to know.
    private static let strayLimit = 1000

    public func audit(_ visit: @escaping @Sendable (KeyID, [RecordStamp]) throws -> Void) async throws -> StoreAudit {
        try await self.read { db in
            try Self.visitStamps(db, visit)
            return StoreAudit(digests: try Self.digests(db), strays: try Self.strays(db))
        }
    }

    private static func visitStamps(_ db: Database, _ visit: (KeyID, [RecordStamp]) throws -> Void) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT collection, id, version, key_id FROM records WHERE key_id IS NOT NULL ORDER BY key_id"
        )
        var key: KeyID?
        var stamps: [RecordStamp] = []
        while let row = try rows.next() {
            let rowKey = try KeyID(row, at: 3)
            if let last = key, last != rowKey || stamps.count == Self.auditBatch {
                try visit(last, stamps)
                stamps.removeAll(keepingCapacity: true)
            }
            key = rowKey
            stamps.append(try RecordStamp(row: row))
        }
        if let key { try visit(key, stamps) }
    }

    private static func digests(_ db: Database) throws -> [KeyID: Data] {
        try Row.fetchAll(db, sql: "SELECT key_id, sealed FROM digests").reduce(into: [:]) { digests, row in
            digests[try KeyID(row, at: 0)] = try row.decode(Data.self, atIndex: 1)
        }
    }

    /// Rows on which the two tables disagree, as the feed knows them where it knows them.
    private static func strays(_ db: Database) throws -> [RecordStamp] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT c.collection, c.id, c.version FROM changes AS c
                    LEFT JOIN records AS r ON r.collection = c.collection AND r.id = c.id
                    WHERE r.row IS NULL OR r.version <> c.version OR r.position <> c.position
                UNION ALL
                SELECT r.collection, r.id, r.version FROM records AS r
                    LEFT JOIN changes AS c ON c.collection = r.collection AND c.id = r.id
                    WHERE c.position IS NULL
                LIMIT ?
                """,
            arguments: [Self.strayLimit]
        ).map { try RecordStamp(row: $0) }
    }
}
