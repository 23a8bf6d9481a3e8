import CherryCore
import CherryStore
import CherryStoreSQLite
import CherryTesting
import Foundation
import GRDB
import Testing

/// Each test edits the database behind the store's back, with SQL, as an intruder with the file would.
@Suite("Rows that were not written by this program are found and named")
struct TamperTests {
    private let folder: TemporaryFolder
    private let sealer = TestSealer()
    private let engine: SQLiteRecordStore
    private let store: SealedStore
    private let intruder: DatabaseQueue

    init() throws {
        self.folder = try TemporaryFolder()
        let path = self.folder.file("cherry.sqlite")
        self.engine = try SQLiteRecordStore(path: path)
        self.store = SealedStore(store: self.engine, sealer: self.sealer)
        self.intruder = try DatabaseQueue(path: path)
    }

    private func fill(_ count: Int = 10) async throws -> [Message] {
        let conversation = RecordID.make()
        var batch = SealedBatch()
        let messages = (0..<count).map {
            Message(conversationID: conversation, parentID: nil, role: .user, content: "message \($0)")
        }
        for message in messages { try batch.put(message, basedOn: 0) }
        try await self.store.commit(batch)
        return messages
    }

    private func tamper(_ sql: String, _ ids: RecordID...) async throws {
        let arguments = StatementArguments(ids.map { Data($0.bytes) })
        try await self.intruder.write { try $0.execute(sql: sql, arguments: arguments) }
    }

    /// Runs each statement that is given with the same one id.
    private func tamper(_ id: RecordID, _ statements: [String]) async throws {
        for sql in statements { try await self.tamper(sql, id) }
    }

    private func expectTampered(
        naming id: RecordID?,
        saying words: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let error = await #expect(throws: StoreError.self, sourceLocation: sourceLocation) {
            try await self.store.verify()
        }
        #expect(error?.code == .tampered, sourceLocation: sourceLocation)
        #expect(error?.record?.id == id, sourceLocation: sourceLocation)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")", sourceLocation: sourceLocation)
        if let id { #expect(error?.message.contains(id.description) == true, sourceLocation: sourceLocation) }
    }

    @Test("what only this program wrote is sound")
    func sound() async throws {
        let messages = try await self.fill()
        try await self.store.update(Message.self, messages[0].id) { $0.content = "changed" }
        try await self.store.delete(.messages, messages[1].id)
        #expect(try await self.store.verify() == 9)
        #expect(try await self.store.verify(openingRecords: false) == 9)
    }

    @Test("one row rolled back to an old ciphertext and version", arguments: [false, true])
    func rollBack(feedToo: Bool) async throws {
        let victim = try await self.fill()[4]
        try await self.tamper("CREATE TABLE old AS SELECT * FROM records WHERE id = ?", victim.id)
        for round in 0..<5 {
            try await self.store.update(Message.self, victim.id) { $0.content = "round \(round)" }
        }
        try await self.tamper(
            """
            UPDATE records SET (version, sealed) = (SELECT version, sealed FROM old) WHERE id = ?
            """,
            victim.id
        )
        if feedToo { try await self.tamper("UPDATE changes SET version = 1 WHERE id = ?", victim.id) }
        try await self.intruder.write { try $0.execute(sql: "DROP TABLE old") }
        await self.expectTampered(naming: victim.id, saying: "rolled back from version 6 to 1")
    }

    @Test("one row dropped, the feed left as it was")
    func drop() async throws {
        let victim = try await self.fill()[2]
        try await self.tamper("DELETE FROM records WHERE id = ?", victim.id)
        await self.expectTampered(naming: victim.id, saying: "is missing")
    }

    @Test("one row dropped from the feed too: nothing knows its id, but the count is known")
    func dropEverywhere() async throws {
        let victim = try await self.fill()[2]
        try await self.tamper(
            victim.id,
            ["DELETE FROM records WHERE id = ?", "DELETE FROM changes WHERE id = ?"]
        )
        await self.expectTampered(naming: nil, saying: "1 missing from messages")
    }

    @Test("one row turned into a tombstone")
    func falseTombstone() async throws {
        let victim = try await self.fill()[2]
        try await self.tamper(
            victim.id,
            [
                "UPDATE records SET sealed = NULL, key_id = NULL, version = 2 WHERE id = ?",
                "UPDATE changes SET version = 2 WHERE id = ?",
            ]
        )
        await self.expectTampered(naming: victim.id, saying: "is missing")
    }

    @Test("a deleted row brought back")
    func resurrect() async throws {
        let victim = try await self.fill()[3]
        try await self.tamper("CREATE TABLE old AS SELECT * FROM records WHERE id = ?", victim.id)
        try await self.store.delete(.messages, victim.id)
        try await self.tamper(
            victim.id,
            [
                """
                UPDATE records SET (version, sealed, key_id) = (SELECT version, sealed, key_id FROM old) WHERE id = ?
                """,
                "UPDATE changes SET version = 1 WHERE id = ?",
            ]
        )
        await self.expectTampered(naming: victim.id, saying: "was deleted or never written")
    }

    @Test("one row duplicated under another id", arguments: [false, true])
    func duplicate(feedToo: Bool) async throws {
        let source = try await self.fill()[2]
        let copy = RecordID.make()
        if feedToo {
            try await self.tamper("INSERT INTO changes (collection, id, version) VALUES ('messages', ?, 1)", copy)
        }
        try await self.tamper(
            """
            INSERT INTO records (collection, id, scope, version, position, changed_at, schema, key_id, sealed)
            SELECT collection, ?, scope, version, (SELECT seq FROM sqlite_sequence), changed_at, schema, key_id, sealed
            FROM records WHERE id = ?
            """,
            copy,
            source.id
        )
        await self.expectTampered(naming: copy, saying: feedToo ? "does not open" : "without the change feed")
    }

    @Test("the digest alone names a row that was added")
    func duplicateByDigest() async throws {
        let source = try await self.fill()[2]
        let copy = RecordID.make()
        try await self.tamper("INSERT INTO changes (collection, id, version) VALUES ('messages', ?, 1)", copy)
        try await self.tamper(
            """
            INSERT INTO records (collection, id, scope, version, position, changed_at, schema, key_id, sealed)
            SELECT collection, ?, scope, version, (SELECT seq FROM sqlite_sequence), changed_at, schema, key_id, sealed
            FROM records WHERE id = ?
            """,
            copy,
            source.id
        )
        let error = await #expect(throws: StoreError.self) {
            try await self.store.verify(openingRecords: false)
        }
        #expect(error?.record?.id == copy)
    }

    @Test("two rows with their ciphertexts swapped")
    func swap() async throws {
        let messages = try await self.fill()
        try await self.tamper(
            """
            WITH pair AS MATERIALIZED (SELECT id, sealed FROM records WHERE id IN (?1, ?2))
            UPDATE records SET sealed = (SELECT sealed FROM pair WHERE pair.id <> records.id)
            WHERE id IN (?1, ?2)
            """,
            messages[1].id,
            messages[2].id
        )
        await self.expectTampered(naming: min(messages[1].id, messages[2].id), saying: "does not open")
        let reading = await #expect(throws: StoreError.self) {
            try await self.store.get(Message.self, messages[2].id)
        }
        #expect(reading?.code == .tampered)
        #expect(reading?.record?.id == messages[2].id)
    }

    @Test("a row moved into another conversation")
    func move() async throws {
        let victim = try await self.fill()[5]
        try await self.tamper("UPDATE records SET scope = zeroblob(16) WHERE id = ?", victim.id)
        await self.expectTampered(naming: victim.id, saying: "does not belong")
        let error = await #expect(throws: StoreError.self) { try await self.store.get(Message.self, victim.id) }
        #expect(error?.code == .tampered)
    }

    @Test("a row listed under another key")
    func otherKey() async throws {
        let victim = try await self.fill()[5]
        try await self.tamper("UPDATE records SET key_id = 9 WHERE id = ?", victim.id)
        await self.expectTampered(naming: victim.id, saying: "key")
    }

    @Test("each flipped bit of a ciphertext and each shorter ciphertext does not open")
    func everyByte() async throws {
        let victim = try await self.fill(1)[0]
        let row = try #require(try await self.engine.read(.messages, victim.id))
        let sealed = try #require(row.sealed)
        let broken =
            sealed.indices.map { index in
                var data = sealed
                data[index] ^= 1 << UInt8(index % 8)
                return data
            } + sealed.indices.map { sealed.prefix($0) }
        for data in broken {
            try await self.intruder.write { db in
                try db.execute(sql: "UPDATE records SET sealed = ?", arguments: [data])
            }
            let error = await #expect(throws: StoreError.self) {
                try await self.store.get(Message.self, victim.id)
            }
            #expect(error?.code == .tampered)
        }
    }

    @Test("two rows dropped everywhere are counted")
    func dropTwo() async throws {
        let messages = try await self.fill()
        for victim in messages.prefix(2) {
            try await self.tamper(
                victim.id,
                ["DELETE FROM records WHERE id = ?", "DELETE FROM changes WHERE id = ?"]
            )
        }
        await self.expectTampered(naming: nil, saying: "2 missing from messages")
    }

    @Test("the digest itself dropped or damaged")
    func digest() async throws {
        _ = try await self.fill()
        try await self.intruder.write { try $0.execute(sql: "UPDATE digests SET sealed = zeroblob(90)") }
        await self.expectTampered(naming: nil, saying: "digest")
        try await self.intruder.write { try $0.execute(sql: "DELETE FROM digests") }
        await self.expectTampered(naming: nil, saying: "missing")
    }

    @Test("during a rotation, the moved rows dropped together with their digest", arguments: [1, 2])
    func dropWithDigest(key: Int) async throws {
        _ = try await self.fill()
        self.sealer.rotate()
        _ = try await self.store.reseal(batchSize: 4)
        #expect(try await self.store.verify() == 10)
        try await self.intruder.write { db in
            try db.execute(
                sql: """
                    DELETE FROM changes WHERE id IN (SELECT id FROM records WHERE key_id = ?1);
                    DELETE FROM records WHERE key_id = ?1;
                    DELETE FROM digests WHERE key_id = ?1;
                    """.replacingOccurrences(of: "?1", with: "\(key)")
            )
        }
        await self.expectTampered(naming: nil, saying: "digest of the records under key \(key) is missing")
    }

    @Test("a row rolled back to the key before a rotation")
    func rollBackAcrossKeys() async throws {
        let victim = try await self.fill()[6]
        try await self.tamper("CREATE TABLE old AS SELECT * FROM records WHERE id = ?", victim.id)
        self.sealer.rotate()
        while try await self.store.reseal(batchSize: 100) > 0 {}
        try await self.tamper(
            victim.id,
            [
                """
                UPDATE records SET (version, sealed, key_id) = (SELECT version, sealed, key_id FROM old) WHERE id = ?
                """,
                "UPDATE changes SET version = 1 WHERE id = ?",
            ]
        )
        await self.expectTampered(naming: victim.id, saying: "was deleted or never written")
    }
}
