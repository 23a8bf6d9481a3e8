public import CherryCore
public import CherryStore
import Foundation
import GRDB

extension SQLiteRecordStore: RecordStore {
    @discardableResult
    public func write(_ batch: [RecordWrite], digest: @escaping DigestUpdate) async throws -> [StoredRecord] {
        try await self.write { db in
            var digests: [KeyID: DigestChange] = [:]
            let stored = try batch.map { write in
                let old = try CurrentRow(db, write.collection, write.id)
                guard old?.stamp.version ?? 0 == write.baseVersion else {
                    throw StoreError.conflict(
                        old?.stamp ?? RecordStamp(collection: write.collection, id: write.id, version: 0)
                    )
                }
                let new = try Self.store(write, over: old, db)
                if let old, let key = old.keyID { digests[key, default: DigestChange()].removed.append(old.stamp) }
                if let key = new.keyID { digests[key, default: DigestChange()].added.append(new.stamp) }
                return new
            }
            for (key, change) in digests.sorted(by: { $0.key < $1.key }) {
                let number = Int64(key.rawValue)
                let sealed = try Data.fetchOne(
                    db,
                    sql: "SELECT sealed FROM digests WHERE key_id = ?",
                    arguments: [number]
                )
                try db.execute(
                    sql: """
                        INSERT INTO digests (key_id, sealed) VALUES (?, ?)
                        ON CONFLICT (key_id) DO UPDATE SET sealed = excluded.sealed
                        """,
                    arguments: [number, try digest(key, sealed, change)]
                )
            }
            return stored
        }
    }

    public func purgeTombstones(before time: Timestamp) async throws {
        try await self.write { db in
            let arguments: StatementArguments = [time.milliseconds]
            let last = try Int64.fetchOne(
                db,
                sql: "SELECT max(position) FROM records WHERE sealed IS NULL AND changed_at < ?",
                arguments: arguments
            )
            guard let last else { return }
            try db.execute(
                sql: """
                    DELETE FROM changes WHERE (collection, id) IN
                        (SELECT collection, id FROM records WHERE sealed IS NULL AND changed_at < ?)
                    """,
                arguments: arguments
            )
            try db.execute(sql: "DELETE FROM records WHERE sealed IS NULL AND changed_at < ?", arguments: arguments)
            try db.execute(
                sql: "UPDATE meta SET value = max(value, ?) WHERE name = 'purgedThrough'",
                arguments: [last]
            )
        }
    }

    public func erase() async throws {
        try await self.write { db in
            try db.execute(
                sql: """
                    UPDATE meta SET value = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0) + 1
                        WHERE name = 'purgedThrough';
                    DELETE FROM records;
                    DELETE FROM digests;
                    DELETE FROM changes;
                    -- Moves the feed on by one, so that a cursor at its end is stale too.
                    INSERT INTO changes (collection, id, version) VALUES ('audit', zeroblob(16), 1);
                    DELETE FROM changes;
                    """
            )
        }
        try await self.writeWithoutTransaction { db in
            try db.execute(sql: "VACUUM")
            _ = try db.checkpoint(.truncate)
        }
    }

    public func checkIntegrity() async throws {
        try await self.read { try DatabaseInspection.checkIntegrity($0) }
    }

    private static func store(_ write: RecordWrite, over old: CurrentRow?, _ db: Database) throws -> StoredRecord {
        let id = Data(write.id.bytes)
        let version = write.baseVersion + 1
        let scope = write.sealed == nil ? old?.scope : write.scope
        try db.cachedStatement(sql: "DELETE FROM changes WHERE collection = ? AND id = ?")
            .execute(arguments: [write.collection.rawValue, id])
        try db.cachedStatement(sql: "INSERT INTO changes (collection, id, version) VALUES (?, ?, ?)")
            .execute(arguments: [write.collection.rawValue, id, version])
        let position = db.lastInsertedRowID
        try db.cachedStatement(
            sql: """
                INSERT INTO records (\(StoredRecord.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (collection, id) DO UPDATE SET scope = excluded.scope, version = excluded.version,
                    position = excluded.position, changed_at = excluded.changed_at, schema = excluded.schema,
                    key_id = excluded.key_id, sealed = excluded.sealed
                """
        ).execute(arguments: [
            write.collection.rawValue, id, scope.map { Data($0.bytes) }, version, position,
            write.changedAt.milliseconds, Int64(write.schema), write.keyID.map { Int64($0.rawValue) }, write.sealed,
        ])
        return StoredRecord(
            collection: write.collection,
            id: write.id,
            scope: scope,
            version: version,
            position: position,
            changedAt: write.changedAt,
            schema: write.schema,
            keyID: write.keyID,
            sealed: write.sealed
        )
    }
}

extension StoreError {
    /// `stamp` is what is there now; version 0 for nothing.
    fileprivate static func conflict(_ stamp: RecordStamp) -> StoreError {
        StoreError(
            .conflict,
            message: "A record in \(stamp.collection.rawValue) was changed meanwhile.",
            hint: "Read it again and repeat the change.",
            record: stamp
        )
    }
}
