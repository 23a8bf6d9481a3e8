import CherryAssistant
import CherryCore
import CherryMemory
import CherryStore
import Foundation
import Testing

@Suite("Search in the library")
struct LibrarySearchTests {
    private let fixture: LibraryFixture
    private var library: Library { self.fixture.library }

    init() async throws { self.fixture = try await LibraryFixture() }

    @Test("messages are found with title, snippet and places, before and after the index was built")
    func finds() async throws {
        let id = try await self.fixture.conversation("Fruit").id
        let old = try await self.fixture.message("I like the **Cherry** tree", in: id)
        #expect(self.library.isIndexing)
        #expect(try await self.library.search("cherry").isIndexing)
        try await self.library.warmUp()
        try await self.library.warmUp()
        let new = try await self.fixture.message("cherries?", in: id, role: .assistant)
        let page = try await self.library.search("cherr")
        #expect(!page.isIndexing)
        #expect(Set(page.items.map(\.messageID)) == [old.id, new.id])
        let hit = try #require(page.items.first { $0.messageID == old.id })
        #expect(hit.title == "Fruit")
        #expect(hit.conversationID == id)
        #expect(hit.role == .user)
        #expect(hit.createdAt == old.createdAt)
        #expect(hit.snippet == old.content)
        #expect(hit.ranges == [13..<19])
        #expect(try await self.library.search("cherr", limit: 1).items.count == 1)
    }

    @Test("changed and removed messages, and those of deleted conversations, are found as they are now")
    func follows() async throws {
        let (kept, gone) = (try await self.fixture.conversation().id, try await self.fixture.conversation().id)
        let changing = try await self.fixture.message("first words", in: kept)
        let removed = try await self.fixture.message("removed words", in: kept)
        let hidden = try await self.fixture.message("hidden words", in: gone)
        try await self.library.warmUp()
        try await self.fixture.store.update(Message.self, changing.id) { $0.content = "second words" }
        try await self.fixture.store.delete(.messages, removed.id)
        try await self.library.markDeleted(gone)
        #expect(try await self.library.search("words").items.map(\.messageID) == [changing.id])
        #expect(try await self.library.search("first ").items.isEmpty)
        #expect(try await self.library.search("second").items.count == 1)
        try await self.library.restore(gone)
        #expect(try await self.library.search("hidden").items.map(\.messageID) == [hidden.id])
    }

    @Test("what is deleted does not use up the places of what is not")
    func manyDeleted() async throws {
        let (kept, gone) = (try await self.fixture.conversation().id, try await self.fixture.conversation().id)
        for _ in 0..<12 { try await self.fixture.message("word", in: gone) }
        let wanted = try await self.fixture.message("word and many others around it", in: kept)
        try await self.library.markDeleted(gone)
        try await self.library.warmUp()
        #expect(try await self.library.search("word", limit: 5).items.map(\.messageID) == [wanted.id])
    }

    @Test("messages that are written while the index is built are found")
    func writesMeanwhile() async throws {
        let id = try await self.fixture.conversation().id
        try await self.fixture.chain(1500, in: id)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.library.warmUp() }
            for number in 0..<20 {
                group.addTask { try await self.fixture.message("late\(number)", in: id) }
            }
            try await group.waitForAll()
        }
        #expect(self.fixture.index.count >= 1500)
        for number in 0..<20 { #expect(try await self.library.search("late\(number) ").items.count == 1) }
        #expect(self.fixture.index.count == 1520)
    }

    @Test("a lock while the index is built leaves nothing in it, and it can be built again")
    func lockMeanwhile() async throws {
        let id = try await self.fixture.conversation().id
        try await self.fixture.chain(2000, in: id)
        let build = Task { try await self.library.warmUp() }
        await self.whenBuildHasBegun { self.library.cool() }
        let result = await build.result
        #expect(throws: CancellationError.self) { try result.get() }
        #expect(self.fixture.index.count == 0)
        try await self.library.warmUp()
        #expect(self.fixture.index.count == 2000)
    }

    @Test("a cancelled build leaves nothing behind")
    func cancelled() async throws {
        let id = try await self.fixture.conversation().id
        try await self.fixture.chain(2000, in: id)
        let build = Task { try await self.library.warmUp() }
        await self.whenBuildHasBegun { build.cancel() }
        let result = await build.result
        #expect(throws: CancellationError.self) { try result.get() }
        #expect(self.fixture.index.count == 0)
        #expect(self.library.isIndexing)
    }

    /// Acts as soon as something is in the index, from a thread of its own: a task might get its turn after the build.
    private func whenBuildHasBegun(_ action: @escaping @Sendable () -> Void) async {
        let index = self.fixture.index
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                while index.count == 0 { sched_yield() }
                action()
                continuation.resume()
            }
        }
    }
}
