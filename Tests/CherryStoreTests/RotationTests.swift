import CherryCore
import CherryStore
import CherryStoreSQLite
import CherryTesting
import Foundation
import Testing

@Suite("Moving records to a new key")
struct RotationTests {
    private let engine: SQLiteRecordStore
    private let sealer = TestSealer()
    private let store: SealedStore

    init() throws {
        self.engine = try SQLiteRecordStore.inMemory()
        self.store = SealedStore(store: self.engine, sealer: self.sealer)
    }

    private func fill(_ count: Int) async throws -> [Message] {
        let messages = (0..<count).map {
            Message(conversationID: .make(), parentID: nil, role: .user, content: "message \($0)")
        }
        var batch = SealedBatch()
        for message in messages { try batch.put(message, basedOn: 0) }
        try await self.store.commit(batch)
        return messages
    }

    @Test("batch after batch everything moves, stays readable and sound, and the old key is not needed")
    func rotates() async throws {
        let messages = try await self.fill(25)
        #expect(try await self.store.reseal(batchSize: 10) == 0)
        let new = self.sealer.rotate()
        #expect(try await self.store.reseal(batchSize: 10) == 15)
        #expect(try await self.store.verify() == 25)
        #expect(try await self.store.recordsByKey() == [KeyID(rawValue: 1): 15, new: 10])
        #expect(try await self.store.reseal(batchSize: 10) == 5)
        #expect(try await self.store.reseal(batchSize: 10) == 0)
        self.sealer.retire(KeyID(rawValue: 1))
        #expect(try await self.store.verify() == 25)
        let read = try await self.store.list(Message.self).map(\.value)
        #expect(read == messages.sorted { $0.id < $1.id })
    }

    @Test("a rotation goes on from what the store holds")
    func resumes() async throws {
        _ = try await self.fill(20)
        self.sealer.rotate()
        _ = try await self.store.reseal(batchSize: 5)
        let reopened = SealedStore(store: self.engine, sealer: self.sealer)
        #expect(try await reopened.reseal(batchSize: 5) == 10)
    }

    @Test("writes go on meanwhile; none is lost and none stays under the old key")
    func concurrentWrites() async throws {
        let messages = try await self.fill(40)
        self.sealer.rotate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for message in messages {
                group.addTask { try await self.store.update(Message.self, message.id) { $0.content += "!" } }
            }
            group.addTask { while try await self.store.reseal(batchSize: 7) > 0 {} }
            try await group.waitForAll()
        }
        #expect(try await self.store.recordsByKey().keys.map(\.rawValue) == [2])
        #expect(try await self.store.list(Message.self).allSatisfy { $0.value.content.hasSuffix("!") })
        #expect(try await self.store.verify() == 40)
    }

    @Test("a write sealed just before a rotation is sealed again under the new key")
    func lateWrite() async throws {
        _ = try await self.fill(1)
        let late = RotatingOnSeal(base: self.sealer)
        let store = SealedStore(store: self.engine, sealer: late)
        let message = Message(conversationID: .make(), parentID: nil, role: .user, content: "late")
        late.rotateAfterNextSeal()
        try await store.put(message, basedOn: 0)
        let row = try await self.engine.read(.messages, message.id)
        #expect(row?.keyID == KeyID(rawValue: 2))
        #expect(try await self.store.get(Message.self, message.id)?.value == message)
    }

    @Test("deleting during a rotation, before anything moved, leaves the store sound")
    func deleteDuringRotation() async throws {
        let messages = try await self.fill(3)
        self.sealer.rotate()
        try await self.store.delete(.messages, messages[0].id)
        #expect(try await self.store.verify() == 2)
    }

    @Test("a record that does not open stops the rotation and is named")
    func damagedRecord() async throws {
        let messages = try await self.fill(3)
        let row = try #require(try await self.engine.read(.messages, messages[1].id))
        var sealed = try #require(row.sealed)
        sealed[sealed.count - 1] ^= 1
        let broken = sealed
        try await self.engine.write(
            [
                RecordWrite(
                    collection: .messages,
                    id: row.id,
                    scope: row.scope,
                    baseVersion: 1,
                    keyID: row.keyID,
                    sealed: broken,
                    changedAt: row.changedAt
                )
            ],
            digest: { _, sealed, _ in sealed ?? Data() }
        )
        self.sealer.rotate()
        let error = await #expect(throws: StoreError.self) { try await self.store.reseal(batchSize: 10) }
        #expect(error?.code == .tampered)
        #expect(error?.record?.id == messages[1].id)
    }
}
