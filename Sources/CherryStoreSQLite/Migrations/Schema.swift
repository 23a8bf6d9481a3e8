import GRDB

/// The shapes that the database has had, oldest first.
enum Schema {
    static let migrations: [any Migration.Type] = [RecordsMigration.self]

    /// Marks a file as ours: "chry" in ASCII.
    static let applicationID: Int64 = 0x6368_7279

    /// The shape this program writes; `PRAGMA user_version` holds it.
    static var version: Int { self.migrations.count }

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (index, migration) in self.migrations.enumerated() {
            migrator.registerMigration(migration.identifier) { db in
                try migration.apply(to: db)
                try db.execute(sql: "PRAGMA application_id = \(self.applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(index + 1)")
            }
        }
        return migrator
    }

    /// What the tables and indexes of a database look like, but for SQLite's own.
    static func statements(_ db: Database) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT coalesce(sql, name) FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1
                """
        )
    }

    /// What they should look like at `version`.
    static func statements(atVersion version: Int) throws -> [String] {
        let queue = try DatabaseQueue()
        try self.migrator.migrate(queue, upTo: self.migrations[version - 1].identifier)
        return try queue.read(self.statements)
    }
}
