public import CherryCore
public import CherryStore
import Foundation
import GRDB

extension SQLiteRecordStore {
    public func read(_ collection: RecordCollection, _ id: RecordID) async throws -> StoredRecord? {
        try await self.read(collection, [id]).first
    }

    public func read(_ collection: RecordCollection, _ ids: [RecordID]) async throws -> [StoredRecord] {
        try await self.read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT \(StoredRecord.columns) FROM records WHERE collection = ? AND id = ?"
            )
            return try ids.compactMap { id in
                let row = try Row.fetchOne(statement, arguments: [collection.rawValue, Data(id.bytes)])
                return try row.map { try StoredRecord(row: $0) }
            }
        }
    }

    public func list(
        _ collection: RecordCollection,
        scope: RecordID?,
        after: RecordID?,
        limit: Int
    ) async throws -> [StoredRecord] {
        let scopeTerm = scope == nil ? "" : "AND scope = :scope"
        return try await self.records(
            "WHERE collection = :collection \(scopeTerm) AND id > :after AND sealed IS NOT NULL ORDER BY id LIMIT :limit",
            [
                "collection": collection.rawValue,
                "after": Data(after?.bytes ?? []),  // an empty blob sorts before every id
                "limit": limit,
            ].merging(scope.map { ["scope": Data($0.bytes)] } ?? [:]) { first, _ in first }
        )
    }

    public func records(notUnder active: KeyID, limit: Int) async throws -> [StoredRecord] {
        try await self.records(
            "WHERE key_id < :key OR key_id > :key LIMIT :limit",
            ["key": Int64(active.rawValue), "limit": limit]
        )
    }

    public func counts() async throws -> [KeyID: Int] {
        try await self.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT key_id, count(*) FROM records WHERE key_id IS NOT NULL GROUP BY key_id"
            )
            return try rows.reduce(into: [:]) { counts, row in
                counts[try KeyID(row, at: 0)] = try row.decode(Int.self, atIndex: 1)
            }
        }
    }

    public func changes(since position: Int64, limit: Int) async throws -> ChangePage {
        try await self.read { db in
            let purged = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'purgedThrough'") ?? 0
            let last = try Self.position(db)
            if position != 0, position < purged || position > last {
                return ChangePage(records: [], next: 0, hasMore: true, isStale: true)
            }
            let statement = try db.cachedStatement(
                sql: """
                    SELECT \(StoredRecord.columns("r")) FROM changes AS c
                    JOIN records AS r ON r.collection = c.collection AND r.id = c.id
                    WHERE c.position > ? ORDER BY c.position LIMIT ?
                    """
            )
            var records = try Row.fetchAll(statement, arguments: [position, limit + 1]).map {
                try StoredRecord(row: $0)
            }
            let hasMore = records.count > limit
            if hasMore { records.removeLast() }
            // What a row says of its own position is not trusted here: a reader must always move on.
            let next = records.isEmpty ? position : max(position, records.map(\.position).max() ?? 0)
            return ChangePage(records: records, next: next, hasMore: hasMore, isStale: false)
        }
    }

    public func position() async throws -> Int64 {
        try await self.read { try Self.position($0) }
    }

    public func bytes() async throws -> Int64 {
        guard let path = self.path else {
            return try await self.read { db in
                try Int64.fetchOne(db, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
                    ?? 0
            }
        }
        return ["", "-wal", "-shm"].reduce(into: 0) { total, suffix in
            var status = stat()
            if stat(path + suffix, &status) == 0 { total += Int64(status.st_size) }
        }
    }

    private static func position(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'changes'") ?? 0
    }

    private func records(
        _ condition: String,
        _ arguments: [String: any DatabaseValueConvertible & Sendable]
    ) async throws -> [StoredRecord] {
        try await self.read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(StoredRecord.columns) FROM records \(condition)")
            return try Row.fetchAll(statement, arguments: StatementArguments(arguments)).map {
                try StoredRecord(row: $0)
            }
        }
    }
}
