import GRDB

/// Makes the tables of the first release.
enum RecordsMigration: Migration {
    static let identifier = "001-records"

    static func apply(to db: Database) throws {
        // `changes` is the feed's own list of what each row should be: an audit compares the two tables.
        // AUTOINCREMENT, because a position must never be given twice, not even after a purge.
        try db.execute(
            sql: """
                CREATE TABLE records (
                    row INTEGER PRIMARY KEY,
                    collection TEXT NOT NULL,
                    id BLOB NOT NULL CHECK (length(id) = 16),
                    scope BLOB CHECK (scope IS NULL OR length(scope) = 16),
                    version INTEGER NOT NULL CHECK (version > 0),
                    position INTEGER NOT NULL,
                    changed_at INTEGER NOT NULL,
                    schema INTEGER NOT NULL CHECK (schema BETWEEN 0 AND 65535),
                    key_id INTEGER CHECK (key_id IS NULL OR key_id BETWEEN 1 AND 4294967295),
                    sealed BLOB,
                    CHECK ((key_id IS NULL) = (sealed IS NULL))
                ) STRICT;
                CREATE UNIQUE INDEX records_by_id ON records (collection, id);
                CREATE INDEX records_by_scope ON records (collection, scope, id)
                    WHERE scope IS NOT NULL AND sealed IS NOT NULL;
                CREATE INDEX records_by_key ON records (key_id) WHERE key_id IS NOT NULL;
                CREATE INDEX records_deleted ON records (changed_at) WHERE sealed IS NULL;

                CREATE TABLE changes (
                    position INTEGER PRIMARY KEY AUTOINCREMENT,
                    collection TEXT NOT NULL,
                    id BLOB NOT NULL CHECK (length(id) = 16),
                    version INTEGER NOT NULL CHECK (version > 0)
                ) STRICT;
                CREATE UNIQUE INDEX changes_by_id ON changes (collection, id);

                CREATE TABLE digests (
                    key_id INTEGER PRIMARY KEY,
                    sealed BLOB NOT NULL
                ) STRICT;

                CREATE TABLE meta (
                    name TEXT PRIMARY KEY NOT NULL,
                    value INTEGER NOT NULL
                ) STRICT;
                INSERT INTO meta (name, value) VALUES ('purgedThrough', 0);
                """
        )
    }
}
