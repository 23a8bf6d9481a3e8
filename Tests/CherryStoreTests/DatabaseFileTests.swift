import CherryCore
import CherryStore
import CherryTesting
import Foundation
import GRDB
import Testing

@testable import CherryStoreSQLite

@Suite("The database file")
struct DatabaseFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.path = self.folder.file("cherry.sqlite")
    }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func bytes(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

    private func write(_ content: Data, to store: SQLiteRecordStore) async throws -> StoredRecord {
        let write = RecordWrite(
            collection: .messages,
            id: .make(),
            scope: nil,
            baseVersion: 0,
            keyID: KeyID(rawValue: 1),
            sealed: content,
            changedAt: .now
        )
        return try await store.write([write], digest: { _, _, _ in Data([1]) })[0]
    }

    /// Expects that the file is refused and stays as it is, with nothing new beside it.
    private func expectRefused(_ code: StoreError.Code, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = self.bytes(self.path)
        let files = try FileManager.default.contentsOfDirectory(atPath: self.folder.path)
        let error = #expect(throws: StoreError.self, sourceLocation: sourceLocation) {
            try SQLiteRecordStore(path: self.path)
        }
        #expect(error?.code == code, sourceLocation: sourceLocation)
        #expect(error?.hint?.isEmpty == false, sourceLocation: sourceLocation)
        #expect(self.bytes(self.path) == before, sourceLocation: sourceLocation)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: self.folder.path).sorted() == files.sorted(),
            sourceLocation: sourceLocation
        )
    }

    @Test("only its owner may read the file and its log, also when it was open to others before")
    func permissions() async throws {
        try Data().write(to: URL(fileURLWithPath: self.path))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: self.path)
        let store = try SQLiteRecordStore(path: self.path)
        _ = try await self.write(Data("a".utf8), to: store)
        #expect(try self.permissions(self.path) == 0o600)
        let other = self.folder.file("other.sqlite")
        let fresh = try SQLiteRecordStore(path: other)
        _ = try await self.write(Data("a".utf8), to: fresh)
        for suffix in ["", "-wal", "-shm"] { #expect(try self.permissions(other + suffix) == 0o600) }
    }

    @Test("what was written is synced before it is acknowledged, and what was deleted is overwritten")
    func settings() async throws {
        let store = try SQLiteRecordStore(path: self.path)
        let settings = try await store.write { db in
            try ["synchronous", "secure_delete", "temp_store"].map { try Int.fetchOne(db, sql: "PRAGMA \($0)") }
        }
        #expect(settings == [2, 1, 2])
        let journal = try await store.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(journal == "wal")
    }

    @Test("a file that the first release made is brought to the present shape with all it holds")
    func versionOne() async throws {
        let fixture = (#filePath as NSString).deletingLastPathComponent + "/Fixtures/version-1.sql"
        let sql = try String(contentsOfFile: fixture, encoding: .utf8)
        do {
            let queue = try DatabaseQueue(path: self.path)
            try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
            try queue.close()
        }
        let store = try SQLiteRecordStore(path: self.path)
        let rows = try await store.changes(since: 0, limit: 10).records
        #expect(rows.map(\.version) == [2, 1, 2])
        #expect(rows.map(\.position) == [3, 4, 5])
        #expect(rows.map(\.isTombstone) == [false, false, true])
        #expect(rows[0].sealed == Data("second".utf8))
        #expect(try await store.counts() == [KeyID(rawValue: 1): 1, KeyID(rawValue: 2): 1])
        #expect(try await store.audit { _, _ in }.strays.isEmpty)
        #expect(try await self.write(Data("new".utf8), to: store).position == 6)
        try await store.checkIntegrity()
    }

    @Test("an empty file becomes a database")
    func empty() async throws {
        try Data().write(to: URL(fileURLWithPath: self.path))
        let store = try SQLiteRecordStore(path: self.path)
        _ = try await self.write(Data("a".utf8), to: store)
        #expect(try await store.counts().values.reduce(0, +) == 1)
    }

    @Test("a database of a newer program is refused and left as it is")
    func tooNew() async throws {
        let store = try SQLiteRecordStore(path: self.path)
        _ = try await self.write(Data("a".utf8), to: store)
        try store.close()
        do {
            let queue = try DatabaseQueue(path: self.path)
            try await queue.write { db in
                try db.execute(
                    sql:
                        "INSERT INTO grdb_migrations VALUES ('900-later'); CREATE TABLE later (a); PRAGMA user_version = 900"
                )
            }
            try queue.close()
        }
        try self.expectRefused(.tooNew)
    }

    @Test("a database of another program is refused and left as it is")
    func foreign() async throws {
        let queue = try DatabaseQueue(path: self.path)
        try await queue.write { try $0.execute(sql: "CREATE TABLE notes (text)") }
        try queue.close()
        try self.expectRefused(.damaged)
    }

    @Test("a database with a trigger that this program did not make is refused and left as it is")
    func foreignTrigger() async throws {
        try SQLiteRecordStore(path: self.path).close()
        let queue = try DatabaseQueue(path: self.path)
        try await queue.write { db in
            try db.execute(sql: "CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM records; END")
        }
        try queue.close()
        try self.expectRefused(.damaged)
    }

    @Test("a file that is no database is refused and left as it is")
    func noDatabase() throws {
        try Data(repeating: 0x41, count: 5000).write(to: URL(fileURLWithPath: self.path))
        try self.expectRefused(.damaged)
    }

    @Test("a folder that is not there, and a folder in the file's place, are unavailable")
    func unreachable() throws {
        for path in [self.folder.file("none/cherry.sqlite"), self.folder.path] {
            let error = #expect(throws: StoreError.self) { try SQLiteRecordStore(path: path) }
            #expect(error?.code == .unavailable)
            #expect(error?.hint != nil)
        }
    }

    @Test("a server that was killed with a full log finds everything when it starts again")
    func crash() async throws {
        let store = try SQLiteRecordStore(path: self.path)
        var rows: [StoredRecord] = []
        for index in 0..<20 { rows.append(try await self.write(Data("row \(index)".utf8), to: store)) }
        let left = self.folder.file("left.sqlite")
        for suffix in ["", "-wal"] {  // as the files lie while it runs; the shared memory does not outlive a power cut
            try FileManager.default.copyItem(atPath: self.path + suffix, toPath: left + suffix)
        }
        #expect(try #require(self.bytes(left + "-wal")).count > 0)
        let after = try SQLiteRecordStore(path: left)
        #expect(try await after.changes(since: 0, limit: 100).records == rows)
        try await after.checkIntegrity()
    }

    @Test("nothing of what was erased or deleted is left in the files")
    func erased() async throws {
        let canary = Data("canary-\(UUID())".utf8)
        let store = try SQLiteRecordStore(path: self.path)
        for _ in 0..<50 { _ = try await self.write(canary + Data(repeating: 7, count: 3000), to: store) }
        let found = { ["", "-wal"].filter { self.bytes(self.path + $0)?.range(of: canary) != nil } }
        #expect(!found().isEmpty)
        let size = try await store.bytes()
        try await store.erase()
        #expect(found().isEmpty)
        #expect(try await store.bytes() < size)

        let row = try await self.write(canary, to: store)
        let delete = RecordWrite(
            collection: row.collection,
            id: row.id,
            scope: nil,
            baseVersion: 1,
            keyID: nil,
            sealed: nil,
            changedAt: .now
        )
        try await store.write([delete], digest: { _, _, _ in Data([1]) })
        try store.close()
        #expect(found().isEmpty)
    }
}
