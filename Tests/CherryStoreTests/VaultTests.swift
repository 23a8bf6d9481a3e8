import CherryCore
import CherryStore
import CherryStoreSQLite
import CherryTesting
import CherryVault
import Foundation
import GRDB
import Testing

@Suite("The sealed store under a real vault")
struct VaultTests {
    private let folder: TemporaryFolder
    private let vault: Vault
    private let store: SealedStore

    init() async throws {
        self.folder = try TemporaryFolder()
        self.vault = try Vault(keyStore: InMemoryKeyStore(), configuration: .testing)
        let login = LoginKeys(
            authKey: SecretBytes(repeatElement(1, count: 32)),
            unsealKey: SecretBytes(repeatElement(2, count: 32))
        )
        _ = try await self.vault.create(login: login, kdf: .make())
        let engine = try SQLiteRecordStore(path: self.folder.file("cherry.sqlite"))
        self.store = SealedStore(store: engine, sealer: self.vault)
    }

    private func fill(_ count: Int) async throws -> [Message] {
        var batch = SealedBatch()
        let messages = (0..<count).map {
            Message(conversationID: .make(), parentID: nil, role: .user, content: "message \($0)")
        }
        for message in messages { try batch.put(message, basedOn: 0) }
        try await self.store.commit(batch)
        return messages
    }

    @Test("a whole rotation keeps everything readable and sound, and the old key is dropped")
    func rotation() async throws {
        let messages = try await self.fill(30)
        let old = try self.vault.activeKey
        let new = try await self.vault.beginRotation()
        #expect(try await self.store.verify() == 30)
        while try await self.store.reseal(batchSize: 8) > 0 { #expect(try await self.store.verify() == 30) }
        try self.vault.finishRotation(retiring: old)
        #expect(try await self.store.recordsByKey() == [new: 30])
        #expect(try await self.store.verify() == 30)
        try await self.store.update(Message.self, messages[0].id) { $0.content = "after" }
        #expect(try await self.store.get(Message.self, messages[1].id)?.value == messages[1])
        #expect(try await self.store.verify() == 30)
    }

    @Test("a row rolled back together with its place in the feed is named")
    func rollBack() async throws {
        let victim = try await self.fill(5)[2]
        let id = Data(victim.id.bytes)
        let intruder = try DatabaseQueue(path: self.folder.file("cherry.sqlite"))
        let old = try await intruder.read {
            try Data.fetchOne($0, sql: "SELECT sealed FROM records WHERE id = ?", arguments: [id])
        }
        try await self.store.update(Message.self, victim.id) { $0.content = "new" }
        try await intruder.write { db in
            try db.execute(sql: "UPDATE records SET version = 1, sealed = ? WHERE id = ?", arguments: [old, id])
            try db.execute(sql: "UPDATE changes SET version = 1 WHERE id = ?", arguments: [id])
        }
        let error = await #expect(throws: StoreError.self) { try await self.store.verify() }
        #expect(error?.code == .tampered)
        #expect(error?.record == RecordStamp(collection: .messages, id: victim.id, version: 1))
    }
}
