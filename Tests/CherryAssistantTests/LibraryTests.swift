import CherryAssistant
import CherryCore
import CherryMemory
import CherryStore
import CherryVault
import Foundation
import Testing

@Suite("The library")
struct LibraryTests {
    private let fixture: LibraryFixture
    private var library: Library { self.fixture.library }
    private var store: SealedStore { self.fixture.store }

    init() async throws { self.fixture = try await LibraryFixture() }

    @Test("conversations come newest first, page by page, as they are after each change")
    func conversations() async throws {
        var ids: [RecordID] = []
        for number in 0..<5 { ids.append(try await self.fixture.conversation("\(number)").id) }
        #expect(try await self.library.conversations().items.map(\.value.title) == ["4", "3", "2", "1", "0"])
        let first = try await self.library.conversations(limit: 2)
        #expect(first.hasMore)
        let second = try await self.library.conversations(before: first.items[1].value.id, limit: 3)
        #expect(second.items.map(\.value.title) == ["2", "1", "0"])
        #expect(!second.hasMore)

        let now = self.fixture.tick()
        try await self.store.update(Conversation.self, ids[1]) { conversation in
            conversation.title = "one"
            conversation.updatedAt = now
        }
        try await self.store.delete(.conversations, ids[3])
        #expect(try await self.library.conversations().items.map(\.value.title) == ["one", "4", "2", "0"])
        let error = await #expect(throws: AssistantError.self) {
            try await self.library.conversations(before: ids[3])
        }
        #expect(error?.code == .notFound)
    }

    @Test("a deleted conversation is hidden, can be restored, and is purged with its messages after its time")
    func deletion() async throws {
        let kept = try await self.fixture.conversation("kept")
        let gone = try await self.fixture.conversation("gone")
        let messages = try await self.fixture.chain(30, in: gone.id)
        let other = try await self.fixture.message("other", in: kept.id)
        let deleted = try await self.library.markDeleted(gone.id)
        #expect(deleted.value.deletedAt == Timestamp(milliseconds: 5000))
        #expect(try await self.library.markDeleted(gone.id).version == deleted.version)
        #expect(try await self.library.conversations().items.map(\.value.title) == ["kept"])
        #expect(try await self.library.conversations(includeDeleted: true).items.count == 2)
        try await self.library.restore(gone.id)
        #expect(try await self.library.conversations().items.count == 2)
        #expect(try await self.library.purgeDeleted(before: Timestamp(milliseconds: 9000)) == 0)

        try await self.library.markDeleted(gone.id)
        #expect(try await self.library.purgeDeleted(before: Timestamp(milliseconds: 5000)) == 0)
        #expect(try await self.library.purgeDeleted(before: Timestamp(milliseconds: 5001)) == 1)
        #expect(try await self.library.conversations(includeDeleted: true).items.map(\.value.title) == ["kept"])
        #expect(try await self.store.get(Message.self, messages.map(\.id)).isEmpty)
        #expect(try await self.store.get(Message.self, other.id) != nil)
        #expect(try await self.store.verify() == 2)
        await #expect(throws: StoreError.self) { try await self.library.restore(gone.id) }
    }

    @Test("a branch is read backwards, page by page, and says where it branches")
    func paths() async throws {
        let id = try await self.fixture.conversation().id
        let main = try await self.fixture.chain(10, in: id)
        let side = try await self.fixture.chain(4, in: id, after: main[3].id)
        let newest = try await self.library.path(in: id, limit: 5)
        #expect(newest.leaf == side[3].id)
        #expect(newest.items.map(\.value) == [main[3]] + side)
        #expect(newest.hasMore)
        #expect(newest.branches == [side[0].id: [main[4].id, side[0].id]])
        let older = try await self.library.path(in: id, before: main[3].id, limit: 5)
        #expect(older.items.map(\.value) == Array(main[0..<3]))
        #expect(!older.hasMore)

        try await self.store.update(Conversation.self, id) { $0.activeLeaf = main[9].id }
        let shown = try await self.library.path(in: id)
        #expect(shown.items.map(\.value) == main)
        #expect(shown.branches == [main[4].id: [main[4].id, side[0].id]])
        #expect(try await self.library.path(in: id, leaf: side[0].id).leaf == side[3].id)
        #expect(try await self.library.history(upTo: side[1].id, in: id) == Array(main[0...3] + side[0...1]))
        #expect(try await self.library.children(of: main[3].id, in: id) == [main[4].id, side[0].id])
        #expect(try await self.library.children(of: nil, in: id) == [main[0].id])
        #expect(try await self.library.siblings(of: side[0].id, in: id) == [main[4].id, side[0].id])
    }

    @Test("an empty conversation has an empty branch; what is not there is not found")
    func notFound() async throws {
        let id = try await self.fixture.conversation().id
        let empty = try await self.library.path(in: id)
        #expect(empty.items.isEmpty)
        #expect(empty.leaf == nil)
        let message = try await self.fixture.message("a", in: id)
        for (conversation, leaf, before) in [
            (RecordID.make(), nil, nil), (id, RecordID.make(), nil), (id, nil, RecordID.make()),
        ] as [(RecordID, RecordID?, RecordID?)] {
            let error = await #expect(throws: AssistantError.self) {
                try await self.library.path(in: conversation, leaf: leaf, before: before)
            }
            #expect(error?.code == .notFound)
        }
        await #expect(throws: AssistantError.self) { try await self.library.history(upTo: .make(), in: id) }
        await #expect(throws: AssistantError.self) { try await self.library.history(upTo: message.id, in: .make()) }
    }

    @Test("what anybody wrote before the question is in the answer, while many write")
    func readsWhatWasWritten() async throws {
        let id = try await self.fixture.conversation().id
        try await self.fixture.chain(50, in: id)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    var last: RecordID?
                    for _ in 0..<10 {
                        let message = try await self.fixture.message("m", in: id, after: last)
                        last = message.id
                        let page = try await self.library.path(in: id, leaf: message.id)
                        #expect(page.items.last?.value == message)
                        if Bool.random() { self.library.cool() }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await self.library.children(of: nil, in: id).count == 7)
    }

    @Test("a list whose place in the feed was purged is read anew")
    func stale() async throws {
        let gone = try await self.fixture.conversation("gone")
        let kept = try await self.fixture.conversation("kept")
        try await self.library.warmUp()
        #expect(try await self.library.conversations().items.count == 2)
        try await self.store.delete(.conversations, gone.id)
        try await self.store.purgeTombstones(before: .now + .seconds(60))
        #expect(try await self.library.conversations().items.map(\.value.id) == [kept.id])
        try await self.fixture.message("findable", in: kept.id)
        #expect(try await self.library.search("findable").items.count == 1)
    }

    @Test("while the vault is locked nothing is answered and nothing readable is kept")
    func locked() async throws {
        let id = try await self.fixture.conversation().id
        let message = try await self.fixture.message("secret words", in: id)
        try await self.library.warmUp()
        _ = try await self.library.path(in: id)
        #expect(try await self.library.search("secret").items.map(\.messageID) == [message.id])
        self.fixture.vault.lock()
        self.library.cool()
        #expect(self.fixture.index.count == 0)
        #expect(self.library.isIndexing)
        let calls: [@Sendable () async throws -> Void] = [
            { _ = try await self.library.conversations() }, { _ = try await self.library.path(in: id) },
            { _ = try await self.library.search("secret") }, { _ = try await self.fixture.exported() },
            { try await self.library.warmUp() }, { _ = try await self.library.history(upTo: message.id, in: id) },
        ]
        for call in calls {
            let error = await #expect(throws: VaultError.self) { try await call() }
            #expect(error?.isSealed == true)
        }
        #expect(self.fixture.index.count == 0)
    }
}
