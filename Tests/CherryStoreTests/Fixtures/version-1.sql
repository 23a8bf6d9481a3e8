-- A database as the first release made it, with made-up ciphertext: one record written twice, one under the next
-- key, one deleted.
PRAGMA journal_mode = WAL;
PRAGMA application_id = 0x63687279;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('001-records');
PRAGMA user_version = 1;

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

INSERT INTO records (collection, id, scope, version, position, changed_at, schema, key_id, sealed) VALUES
    ('messages', x'01900000000070008000000000000001', x'01900000000070008000000000000009', 2, 3, 1000, 1, 1,
        CAST('second' AS BLOB)),
    ('conversations', x'01900000000070008000000000000009', NULL, 1, 4, 2000, 1, 2, CAST('other' AS BLOB)),
    ('messages', x'01900000000070008000000000000002', x'01900000000070008000000000000009', 2, 5, 3000, 1, NULL, NULL);
INSERT INTO changes (position, collection, id, version) VALUES
    (3, 'messages', x'01900000000070008000000000000001', 2),
    (4, 'conversations', x'01900000000070008000000000000009', 1),
    (5, 'messages', x'01900000000070008000000000000002', 2);
INSERT INTO digests (key_id, sealed) VALUES (1, x'00'), (2, x'00');
