import CherryCore
import CherryStore
import HTTPTypes
import Testing

@testable import CherryAPI

@Suite("Conversations")
struct ConversationTests {
    private static let path = "/api/v1/conversations"
    private static let id = "01890000-0000-7000-8000-00000000abcd"

    @Test("A conversation is made, read, changed, deleted and restored")
    func life() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let made = try await visitor.makeConversation(title: "Plans")
            #expect(made["collection"] == "conversations")
            #expect(made["version"] == 1)
            #expect(made["value"]["title"] == "Plans")
            #expect(made["value"]["titleSource"] == "user")
            let path = "\(Self.path)/\(made["id"].text)"
            #expect(try await visitor.call(.get, path).json == made.json)

            let changed = try await visitor.call(
                .patch,
                path,
                ["baseVersion": 1, "title": "Better plans", "isPinned": true, "otherTitles": .array(["Plans"])]
            )
            #expect(changed.status == .ok)
            #expect(changed["version"] == 2)
            #expect(changed["value"]["title"] == "Better plans")
            #expect(changed["value"]["isPinned"] == true)
            #expect(changed["value"]["otherTitles"] == .array(["Plans"]))

            #expect(try await visitor.call(.delete, path).status == .noContent)
            #expect(try await visitor.call(.get, path).status == .notFound)
            #expect(try await visitor.call(.delete, path).status == .notFound)
            #expect(try await visitor.call(.get, Self.path)["items"].items.isEmpty)
            let deleted = try await visitor.call(.get, "\(Self.path)?deleted=true")["items"].items
            #expect(deleted.count == 1)

            let restored = try await visitor.call(.post, "\(path)/restore")
            #expect(restored.status == .ok)
            #expect(restored["value"]["deletedAt"] == .null)
            #expect(try await visitor.call(.get, path).json == restored.json)
        }
    }

    @Test("Making the same one twice makes one")
    func idempotent() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let body: JSONValue = ["id": .string(Self.id), "title": "Plans"]
            let first = try await visitor.call(.post, Self.path, body)
            let count = try await stage.recordCount()
            let second = try await visitor.call(.post, Self.path, body)
            #expect(first.status == .created)
            #expect(second.status == .ok)
            #expect(second.json == first.json)
            #expect(try await stage.recordCount() == count)
        }
    }

    @Test("A change based on an old version is a conflict that shows the current record")
    func conflict() async throws {
        try await Stage().runUnlocked { visitor in
            let made = try await visitor.makeConversation()
            let path = "\(Self.path)/\(made["id"].text)"
            let winner = try await visitor.call(.patch, path, ["baseVersion": 1, "title": "First"])
            let loser = try await visitor.call(.patch, path, ["baseVersion": 1, "title": "Second"])
            #expect(loser.status == .conflict && loser.code == "conflict")
            #expect(loser["current"] == winner.json)
            #expect(try await visitor.call(.get, path).json == winner.json)
            for version in [0, 3, 99] as [JSONValue] {
                let answer = try await visitor.call(.patch, path, ["baseVersion": version, "title": "Third"])
                #expect(answer.code == "conflict")
            }
        }
    }

    @Test("Null clears what can be cleared; what is not named stays")
    func clearing() async throws {
        try await Stage().runUnlocked { visitor in
            let persona: JSONValue = "00000000-0000-7000-8000-0000000000c1"
            let model: JSONValue = ["providerID": persona, "model": "m"]
            let made = try await visitor.call(.post, Self.path, ["personaID": persona, "model": model])
            let path = "\(Self.path)/\(made["id"].text)"
            let kept = try await visitor.call(.patch, path, ["baseVersion": 1, "isPinned": true])
            #expect(kept["value"]["model"] == model)
            #expect(kept["value"]["personaID"] == persona)
            let cleared = try await visitor.call(.patch, path, ["baseVersion": 2, "model": .null, "personaID": .null])
            #expect(!cleared["value"].keys.contains("model"))
            #expect(!cleared["value"].keys.contains("personaID"))
        }
    }

    @Test("The branch on show must be one of the conversation's")
    func foreignLeaf() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let (first, second) = (try await visitor.makeConversation(), try await visitor.makeConversation())
            let message = Message(
                conversationID: RecordID(second["id"].text)!,
                parentID: nil,
                role: .user,
                content: "Hello"
            )
            try await stage.store.put(message, basedOn: 0)
            let body: JSONValue = ["baseVersion": 1, "activeLeaf": .string(message.id.description)]
            let wrong = try await visitor.call(.patch, "\(Self.path)/\(first["id"].text)", body)
            #expect(wrong.status == .notFound)
            let right = try await visitor.call(.patch, "\(Self.path)/\(second["id"].text)", body)
            #expect(right["value"]["activeLeaf"].text == message.id.description)
        }
    }

    @Test("The list goes page by page")
    func pages() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            for number in 0..<5 {
                stage.clock.advance(by: .seconds(1))
                _ = try await visitor.makeConversation(title: "\(number)")
            }
            let first = try await visitor.call(.get, "\(Self.path)?limit=3")
            #expect(first["items"].items.map { $0["value"]["title"].text } == ["4", "3", "2"])
            #expect(first["hasMore"] == true)
            let last = first["items"][2]["id"].text
            let second = try await visitor.call(.get, "\(Self.path)?limit=3&before=\(last)")
            #expect(second["items"].items.map { $0["value"]["title"].text } == ["1", "0"])
            #expect(second["hasMore"] == false)
        }
    }
}
