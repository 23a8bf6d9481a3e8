import CherryAssistant
import CherryCore
import CherryStore
import Foundation
import Testing

@Suite("Export and import")
struct LibraryExportTests {
    private let fixture: LibraryFixture

    init() async throws { self.fixture = try await LibraryFixture() }

    private func fill() async throws -> (conversation: Conversation, main: [Message], side: [Message]) {
        let persona = Persona.builtIn()[1]
        var batch = SealedBatch()
        for persona in Persona.builtIn(at: Timestamp(milliseconds: 1)) { try batch.put(persona, basedOn: 0) }
        try batch.put(
            Preference(key: "appearance.scheme", value: .string("dark"), updatedAt: self.fixture.tick()),
            basedOn: 0
        )
        let provider = Provider(name: "Mine", baseURL: "https://example.com/v1", createdAt: self.fixture.tick())
        try batch.put(provider, basedOn: 0)
        try batch.put(StoredSecret(id: provider.id, value: "key-canary"), basedOn: 0)
        try await self.fixture.store.commit(batch)
        let id = try await self.fixture.conversation("A \"quoted\"\ntitle").id
        let main = try await self.fixture.chain(6, in: id)
        let side = try await self.fixture.chain(2, in: id, after: main[1].id)
        let gone = try await self.fixture.conversation("gone").id
        try await self.fixture.message("gone-canary", in: gone)
        try await self.fixture.library.markDeleted(gone)
        let stored = try await self.fixture.store.update(Conversation.self, id) { conversation in
            conversation.activeLeaf = main[5].id
            conversation.personaID = persona.id
            conversation.liveReplies = [main[5].id]
        }
        return (stored.value, main, side)
    }

    @Test("the export is valid JSON with everything but credentials and what was deleted")
    func json() async throws {
        let (conversation, main, side) = try await self.fill()
        let data = try await self.fixture.exported()
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(json["format"] as? String == "cherry-export")
        #expect(json["version"] as? Int == 1)
        #expect(json["exportedAt"] as? Int == 5000)
        func ids(_ name: String) -> [String] {
            (json[name] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
        }
        #expect(ids("conversations") == [conversation.id.description])
        #expect(Set(ids("messages")) == Set((main + side).map(\.id.description)))
        #expect(ids("personas").count == 3)
        #expect(ids("preferences").count == 1)
        #expect(ids("providers").count == 1)
        let text = String(decoding: data, as: UTF8.self)
        #expect(!text.contains("key-canary"))
        #expect(!text.contains("gone-canary"))
    }

    @Test("the export of one conversation holds it, its messages and its personas")
    func oneConversation() async throws {
        let (conversation, _, _) = try await self.fill()
        let other = try await self.fixture.conversation("other")
        try await self.fixture.message("other", in: other.id)
        let data = try await self.fixture.exported(conversation.id)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect((object["conversations"] as? [Any])?.count == 1)
        #expect((object["messages"] as? [Any])?.count == 8)
        #expect((object["personas"] as? [[String: Any]])?.map { $0["name"] as? String } == ["Sophia"])
        #expect((object["providers"] as? [Any])?.isEmpty == true)
        let error = await #expect(throws: AssistantError.self) { try await self.fixture.exported(.make()) }
        #expect(error?.code == .notFound)
    }

    @Test("an export is handed out in pieces, and what the receiver throws ends it")
    func pieces() async throws {
        let id = try await self.fixture.conversation().id
        var batch = SealedBatch()
        for _ in 0..<200 {
            let message = Message(
                conversationID: id,
                parentID: nil,
                role: .user,
                content: String(repeating: "x", count: 3000)
            )
            try batch.put(message, basedOn: 0)
        }
        try await self.fixture.store.commit(batch)
        var sizes: [Int] = []
        try await self.fixture.library.exportJSON { sizes.append($0.count) }
        #expect(sizes.count > 5)
        #expect(sizes.allSatisfy { $0 < 80_000 })
        struct Full: Error {}
        await #expect(throws: Full.self) { try await self.fixture.library.exportJSON { _ in throw Full() } }
    }

    @Test("Markdown shows every message once, the branch on show first")
    func markdown() async throws {
        let (conversation, _, _) = try await self.fill()
        try await self.fixture.store.update(Message.self, try #require(conversation.activeLeaf)) { message in
            message.state = .failed
            message.failure = Message.Failure(code: "x", message: "The model\nwent away.")
        }
        let text = try await self.fixture.markdown(conversation.id)
        #expect(
            text == """
                # A "quoted" title

                - Begun: 1970-01-01 00:16 UTC
                - Last change: 1970-01-01 00:16 UTC
                - Persona: Sophia

                ### You · 1970-01-01 00:16 UTC

                message 0

                ### Assistant · 1970-01-01 00:16 UTC

                message 1

                ### You · 1970-01-01 00:16 UTC

                message 2

                ### Assistant · 1970-01-01 00:16 UTC

                message 3

                ### You · 1970-01-01 00:16 UTC

                message 4

                ### Assistant · 1970-01-01 00:16 UTC

                message 5

                > This reply failed: The model went away.

                ## Another branch (1)

                ### You · 1970-01-01 00:16 UTC

                message 0

                ### Assistant · 1970-01-01 00:16 UTC

                message 1


                """
        )
        try await self.fixture.conversation("Second")
        let all = try await self.fixture.markdown()
        #expect(all.hasPrefix("# Second\n"))
        #expect(all.contains("\n---\n\n# A \"quoted\" title\n"))
        #expect(!all.contains("gone"))
    }

    @Test("what was exported can be imported elsewhere, once")
    func roundTrip() async throws {
        let (conversation, main, side) = try await self.fill()
        let data = try await self.fixture.exported()
        let other = try await LibraryFixture()
        try await other.library.warmUp()
        let summary = try await other.library.importJSON(data)
        var expected = ImportSummary()
        (expected.conversations, expected.messages, expected.personas) = (1, 8, 3)
        (expected.preferences, expected.providers) = (1, 1)
        #expect(summary == expected)
        var wanted = conversation
        wanted.liveReplies = []
        #expect(try await other.library.conversations().items.map(\.value) == [wanted])
        #expect(try await other.library.path(in: conversation.id).items.map(\.value) == main)
        #expect(try await other.library.path(in: conversation.id, leaf: side[0].id).items.count == 4)
        #expect(try await other.library.search("message 3").items.count == 1)
        #expect(try await other.store.verify() == 14)

        let again = try await other.library.importJSON(data)
        #expect(again.skipped == 14)
        #expect(again.conversations + again.messages + again.personas + again.preferences + again.providers == 0)
        #expect(try await other.library.conversations().items[0].version == 1)
        let before = String(decoding: data, as: UTF8.self)
        let after = String(decoding: try await other.exported(), as: UTF8.self)
        #expect(after == before.replacing(#""liveReplies":["\#(main[5].id)"]"#, with: #""liveReplies":[]"#))
    }

    @Test("what was deleted since comes back")
    func bringsBack() async throws {
        let (conversation, main, _) = try await self.fill()
        let data = try await self.fixture.exported()
        try await self.fixture.library.markDeleted(conversation.id)
        try await self.fixture.library.purgeDeleted(before: Timestamp(milliseconds: 6000))
        let summary = try await self.fixture.library.importJSON(data)
        #expect(summary.conversations == 1)
        #expect(summary.messages == 8)
        #expect(summary.skipped == 5)
        #expect(try await self.fixture.library.path(in: conversation.id).items.map(\.value) == main)
        #expect(try await self.fixture.store.verify() > 0)
    }

    @Test("a reply that was being written comes as interrupted")
    func streaming() async throws {
        let id = try await self.fixture.conversation().id
        let message = try await self.fixture.message("half", in: id, role: .assistant)
        try await self.fixture.store.update(Message.self, message.id) { $0.state = .streaming }
        let other = try await LibraryFixture()
        _ = try await other.library.importJSON(try await self.fixture.exported())
        #expect(try await other.store.get(Message.self, message.id)?.value.state == .interrupted)
    }
}
