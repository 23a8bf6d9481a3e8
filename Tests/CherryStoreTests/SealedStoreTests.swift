import CherryCore
import CherryStore
import CherryStoreSQLite
import CherryTesting
import Foundation
import Testing

@Suite("The sealed store")
struct SealedStoreTests {
    private let engine: SQLiteRecordStore
    private let sealer = TestSealer()
    private let store: SealedStore

    init() throws {
        self.engine = try SQLiteRecordStore.inMemory()
        self.store = SealedStore(store: self.engine, sealer: self.sealer)
    }

    private func message(_ content: String, in conversation: RecordID = .make()) -> Message {
        Message(conversationID: conversation, parentID: nil, role: .user, content: content)
    }

    @Test("a record comes back as it was put, and its plaintext is not in the row")
    func roundTrip() async throws {
        let message = self.message("canary-7261")
        let stored = try await self.store.put(message, basedOn: 0)
        #expect(stored.version == 1)
        #expect(try await self.store.get(Message.self, message.id) == stored)
        let row = try #require(try await self.engine.read(.messages, message.id))
        #expect(row.scope == message.conversationID)
        #expect(row.sealed?.range(of: Data("canary-7261".utf8)) == nil)
    }

    @Test("every kind of record comes back")
    func everyKind() async throws {
        let persona = Persona.builtIn()[0]
        let preference = Preference(key: "appearance.scheme", value: .string("dark"))
        let provider = Provider(name: "P", baseURL: "https://example.com/v1")
        let secret = StoredSecret(id: provider.id, value: "k")
        let now = Timestamp.now
        let device = Device(name: "D", tokenDigest: "ab", createdAt: now, expiresAt: now)
        let target = ModelAlias.Target(model: ModelReference(providerID: provider.id, model: "m"), weight: 3)
        let alias = ModelAlias(name: "fast", strategy: .weighted, targets: [target], hedgeAfterMilliseconds: 200)
        let token = BridgeToken(name: "editor", digest: "ab", prefix: "ck-abcd", models: ["fast"], expiresAt: now)
        let price = ModelPrice(pattern: "m*", rates: TokenRates(input: 1, output: 2, cachedInput: 0))
        let usage = UsageBlock(
            id: .make(),
            day: now.utcDay,
            records: [
                UsageRecord(
                    at: now,
                    providerID: provider.id,
                    model: "m",
                    totalMilliseconds: 1,
                    attempts: 1,
                    outcome: "x"
                )
            ]
        )
        var batch = SealedBatch()
        try batch.put(alias, basedOn: 0)
        try batch.put(token, basedOn: 0)
        try batch.put(price, basedOn: 0)
        try batch.put(usage, basedOn: 0)
        try batch.put(persona, basedOn: 0)
        try batch.put(preference, basedOn: 0)
        try batch.put(provider, basedOn: 0)
        try batch.put(secret, basedOn: 0)
        try batch.put(device, basedOn: 0)
        try await self.store.commit(batch)
        #expect(try await self.store.get(Persona.self, persona.id)?.value == persona)
        #expect(try await self.store.get(Preference.self, preference.id)?.value == preference)
        #expect(try await self.store.get(Provider.self, provider.id)?.value == provider)
        #expect(try await self.store.get(StoredSecret.self, secret.id)?.value == secret)
        #expect(try await self.store.get(Device.self, device.id)?.value == device)
        #expect(try await self.store.get(ModelAlias.self, alias.id)?.value == alias)
        #expect(try await self.store.get(BridgeToken.self, token.id)?.value == token)
        #expect(try await self.store.get(ModelPrice.self, price.id)?.value == price)
        #expect(try await self.store.get(UsageBlock.self, usage.id)?.value == usage)
    }

    @Test("records are handed out from an id on")
    func after() async throws {
        let personas = try await self.personas(5)
        let some = try await self.store.list(Persona.self, after: personas[1].id, limit: 2)
        #expect(some.map(\.value) == Array(personas[2...3]))
        #expect(try await self.store.list(Persona.self, after: nil, limit: 9).map(\.value) == personas)
    }

    private func personas(_ count: Int64) async throws -> [Persona] {
        let personas = (0..<count).map { number in
            Persona(id: .make(at: Timestamp(milliseconds: number)), name: "\(number)", hue: .moss, instructions: "")
        }
        for persona in personas { try await self.store.put(persona, basedOn: 0) }
        return personas
    }

    @Test("while the vault is locked nothing is read or written, and the error says so")
    func locked() async throws {
        let message = self.message("a")
        try await self.store.put(message, basedOn: 0)
        self.sealer.lock()
        let reading = await #expect(throws: TestSealer.Refusal.self) {
            try await self.store.get(Message.self, message.id)
        }
        #expect(reading?.isSealed == true)
        let writing = await #expect(throws: TestSealer.Refusal.self) {
            try await self.store.put(self.message("b"), basedOn: 0)
        }
        #expect(writing?.isSealed == true)
        let verifying = await #expect(throws: TestSealer.Refusal.self) { try await self.store.verify() }
        #expect(verifying?.isSealed == true)
        #expect(try await self.store.statistics().records == 1)
    }

    @Test("a stale put is a conflict and changes nothing")
    func conflict() async throws {
        var message = self.message("a")
        try await self.store.put(message, basedOn: 0)
        message.content = "b"
        for version: Int64 in [0, 2] {
            let error = await #expect(throws: StoreError.self) {
                try await self.store.put(message, basedOn: version)
            }
            #expect(error?.code == .conflict)
        }
        #expect(try await self.store.get(Message.self, message.id)?.value.content == "a")
    }

    @Test("what was deleted is gone, and can be made again with base version 0")
    func deleteAndMakeAgain() async throws {
        let preference = Preference(key: "a.b", value: .bool(true))
        try await self.store.put(preference, basedOn: 0)
        try await self.store.delete(.preferences, preference.id)
        #expect(try await self.store.get(Preference.self, preference.id) == nil)
        #expect(try await self.store.list(Preference.self).isEmpty)
        let missing = await #expect(throws: StoreError.self) {
            try await self.store.delete(.preferences, preference.id)
        }
        #expect(missing?.code == .notFound)
        let again = try await self.store.put(preference, basedOn: 0)
        #expect(again.version == 3)
        #expect(try await self.store.verify() == 1)
    }

    @Test("a delete based on another version is a conflict")
    func staleDelete() async throws {
        let message = self.message("a")
        try await self.store.put(message, basedOn: 0)
        let error = await #expect(throws: StoreError.self) {
            try await self.store.delete(.messages, message.id, basedOn: 4)
        }
        #expect(error?.code == .conflict)
    }

    @Test("concurrent updates of one record all take effect")
    func updates() async throws {
        let message = self.message("")
        try await self.store.put(message, basedOn: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { try await self.store.update(Message.self, message.id) { $0.content += "x" } }
            }
            try await group.waitForAll()
        }
        let stored = try #require(try await self.store.get(Message.self, message.id))
        #expect(stored.value.content == "xxxxxxxx")
        #expect(stored.version == 9)
    }

    @Test("an update of what is not there is notFound, and what the change throws arrives")
    func updateErrors() async throws {
        struct Stop: Error {}
        let missing = await #expect(throws: StoreError.self) {
            try await self.store.update(Message.self, .make()) { _ in }
        }
        #expect(missing?.code == .notFound)
        let message = self.message("a")
        try await self.store.put(message, basedOn: 0)
        await #expect(throws: Stop.self) {
            try await self.store.update(Message.self, message.id) { _ in throw Stop() }
        }
        #expect(try await self.store.get(Message.self, message.id)?.version == 1)
    }

    @Test("a write is finished even when the task that asks for it is cancelled")
    func cancelledWrite() async throws {
        let message = self.message("last words")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await self.store.put(message, basedOn: 0)
        }
        let stored = try await task.value
        #expect(try await self.store.get(Message.self, message.id) == stored)
    }

    @Test("a list of a scope and batches of it hold the same records")
    func lists() async throws {
        let conversation = RecordID.make()
        var batch = SealedBatch()
        for index in 0..<25 { try batch.put(self.message("\(index)", in: conversation), basedOn: 0) }
        try batch.put(self.message("other"), basedOn: 0)
        try await self.store.commit(batch)
        let listed = try await self.store.list(Message.self, scope: conversation)
        var batches: [[Versioned<Message>]] = []
        try await self.store.forEach(Message.self, scope: conversation, batch: 10) { batches.append($0) }
        #expect(listed.count == 25)
        #expect(batches.map(\.count) == [10, 10, 5])
        #expect(Array(batches.joined()) == listed)
        let ids = [listed[3].value.id, .make(), listed[1].value.id]
        #expect(try await self.store.get(Message.self, ids) == [listed[3], listed[1]])
    }

    @Test("the feed opens what changed and leaves other collections sealed")
    func feed() async throws {
        let message = self.message("a")
        try await self.store.put(message, basedOn: 0)
        try await self.store.put(StoredSecret(id: .make(), value: "k"), basedOn: 0)
        try await self.store.delete(.messages, message.id)
        let all = try await self.store.changes(since: 0, limit: 10)
        #expect(all.changes.map(\.record.collection) == [.secrets, .messages])
        #expect(all.changes[1].plaintext == nil)
        let some = try await self.store.changes(since: 0, limit: 10, in: [.messages])
        #expect(some.changes.map(\.record.id) == [message.id])
        #expect(some.next == all.next)
    }

    @Test("positions are told to every listener, the newest to a slow one")
    func positions() async throws {
        let slow = self.store.positions()
        let other = self.store.positions()
        var last: Int64 = 0
        for _ in 0..<5 { last = try await self.store.put(self.message("a"), basedOn: 0).position }
        var first = slow.makeAsyncIterator()
        var second = other.makeAsyncIterator()
        #expect(await first.next() == last)
        #expect(await second.next() == last)
    }

    @Test("a record of another shape is undecodable and named")
    func undecodable() async throws {
        let id = RecordID.make()
        let address = RecordAddress(collection: .personas, id: id, version: 1)
        let sealed = try self.sealer.seal(Data(#"{"id":"\#(id)","name":7}"#.utf8), at: address)
        try await self.engine.write(
            [
                RecordWrite(
                    collection: .personas,
                    id: id,
                    scope: nil,
                    baseVersion: 0,
                    keyID: try self.sealer.activeKey,
                    sealed: sealed,
                    changedAt: .now
                )
            ],
            digest: { _, _, _ in Data() }
        )
        let error = await #expect(throws: StoreError.self) { try await self.store.get(Persona.self, id) }
        #expect(error?.code == .undecodable)
        #expect(error?.record?.id == id)
    }
}
