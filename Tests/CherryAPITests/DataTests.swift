import CherryCore
import CherryStore
import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import CherryAPI

@Suite("The feed, search, export, import and the end")
struct DataTests {
    private static func login(_ more: JSONObject = [:]) -> JSONValue {
        .object(Visitor.login.merging(more))
    }

    @Test("The feed has what a browser may keep, with tombstones, and never credentials")
    func changes() async throws {
        try await Stage().runUnlocked { visitor in
            let made = try await visitor.makeConversation()
            let persona = try await visitor.call(.post, "/api/v1/personas", ["name": "Guest"])
            try await visitor.call(.delete, "/api/v1/personas/\(persona["id"].text)")
            let page = try await visitor.call(.get, "/api/v1/changes")
            #expect(page["items"].items.contains(made.json))
            let tombstone = try #require(page["items"].items.first { $0["deleted"] == true })
            #expect(tombstone["id"] == persona["id"])
            #expect(tombstone["version"] == 2)
            #expect(tombstone.keys == ["id", "version", "position", "changedAt", "collection", "deleted"])
            let shown = Set(page["items"].items.map { $0["collection"].text })
            #expect(shown.isSubset(of: ["conversations", "messages", "personas", "preferences", "providers"]))
            #expect(page["hasMore"] == false && page["isStale"] == false)
            let next = page["next"].number
            let rest = try await visitor.call(.get, "/api/v1/changes?since=\(next)")
            #expect(rest["items"] == .array([]))
            #expect(rest["next"].number == next)
        }
    }

    @Test("The feed goes page by page and misses nothing")
    func changePages() async throws {
        try await Stage().runUnlocked { visitor in
            for number in 0..<7 { _ = try await visitor.makeConversation(title: "\(number)") }
            var (titles, since, rounds) = ([String](), Int64(0), 0)
            while rounds < 50 {
                let page = try await visitor.call(.get, "/api/v1/changes?since=\(since)&limit=2")
                titles += page["items"].items.map { $0["value"]["title"].text }.filter { !$0.isEmpty }
                since = page["next"].number
                rounds += 1
                if page["hasMore"] == false { break }
            }
            #expect(titles == (0..<7).map(String.init))
            #expect(try await visitor.call(.get, "/api/v1/changes?since=999999999")["isStale"] == true)
        }
    }

    @Test("Search finds words of messages")
    func search() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let conversation = RecordID(try await visitor.makeConversation(title: "Fruit")["id"].text)!
            let message = Message(
                conversationID: conversation,
                parentID: nil,
                role: .user,
                content: "The ripest cherries are dark."
            )
            try await stage.store.put(message, basedOn: 0)
            let answer = try await visitor.call(.post, "/api/v1/search", ["query": "cherries"])
            #expect(answer.status == .ok)
            let hit = try #require(answer["items"].items.first)
            #expect(hit["messageID"].text == message.id.description)
            #expect(hit["title"] == "Fruit")
            let range = hit["ranges"][0].items.map(\.number)
            let snippet = hit["snippet"].text as NSString
            try #require(range.count == 2)
            #expect(snippet.substring(with: NSRange(location: Int(range[0]), length: Int(range[1]))) == "cherries")
            for body in [["query": ""], ["query": "a", "limit": 0], ["query": "a", "limit": 101], [:]] as [JSONValue] {
                #expect(try await visitor.call(.post, "/api/v1/search", body).status == .unprocessableContent)
            }
        }
    }

    @Test("Everything is exported to who knows the passphrase, and comes back into another vault once")
    func exportAndImport() async throws {
        let stage = try Stage()
        let file = Kept<Answer>()
        try await stage.runUnlocked { visitor in
            let conversation = try await visitor.makeConversation(title: "Kept words")
            let message = Message(
                conversationID: RecordID(conversation["id"].text)!,
                parentID: nil,
                role: .user,
                content: "Remember me"
            )
            try await stage.store.put(message, basedOn: 0)
            try await visitor.call(
                .post,
                "/api/v1/providers",
                ["name": "E", "kind": "openai", "baseURL": "https://e.example/v1", "apiKey": "sk-secret"]
            )
            let wrong = try await visitor.call(
                .post,
                "/api/v1/export",
                .object(Visitor.wrongLogin.merging(["format": "json"]))
            )
            #expect(wrong.code == "wrongPassphrase")
            let answer = try await visitor.call(.post, "/api/v1/export", Self.login(["format": "json"]))
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer.headers[.contentDisposition] == "attachment; filename=\"cherry-2027-01-15.json\"")
            #expect(answer["format"] == "cherry-export")
            #expect(!answer.text.contains("sk-secret"))
            let readable = try await visitor.call(.post, "/api/v1/export", Self.login(["format": "markdown"]))
            #expect(readable.headers[.contentType] == "text/markdown; charset=utf-8")
            #expect(readable.text.contains("Kept words") && readable.text.contains("Remember me"))
            file.value = answer
        }
        try await Stage().runUnlocked { visitor in
            let body = try #require(file.value).json
            let first = try await visitor.call(.post, "/api/v1/import", body)
            #expect(first.status == .ok)
            #expect(first["imported"]["conversations"] == 1)
            #expect(first["imported"]["messages"] == 1)
            let second = try await visitor.call(.post, "/api/v1/import", body)
            #expect(second["imported"]["conversations"] == 0 && second["imported"]["messages"] == 0)
            let list = try await visitor.call(.get, "/api/v1/conversations")["items"]
            #expect(list.items.map { $0["value"]["title"].text } == ["Kept words"])
        }
    }

    @Test("What is no export is refused and nothing is kept of it")
    func badImport() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let before = try await stage.recordCount()
            for (body, status) in [
                ("{}", 422), ("[]", 422), ("{", 400), ("{\"format\":\"other\",\"version\":1}", 422),
                ("{\"format\":\"cherry-export\",\"version\":2}", 422),
                ("{\"format\":\"cherry-export\",\"version\":1,\"conversations\":[{}]}", 422),
                (String(repeating: "[", count: 70), 400),
            ] {
                let answer = try await visitor.send(.post, "/api/v1/import", ByteBuffer(string: body))
                #expect(answer.status.code == status, "\(body.prefix(40))")
            }
            #expect(try await stage.recordCount() == before)
        }
    }

    @Test("One conversation is exported as a file")
    func exportOne() async throws {
        try await Stage().runUnlocked { visitor in
            let path = "/api/v1/conversations/\(try await visitor.makeConversation(title: "One")["id"].text)/export"
            let readable = try await visitor.call(.get, path)
            #expect(readable.headers[.contentType] == "text/markdown; charset=utf-8")
            #expect(readable.text.contains("One"))
            let exact = try await visitor.call(.get, "\(path)?format=json")
            #expect(exact["conversations"].items.count == 1)
            #expect(try await visitor.call(.get, "\(path)?format=pdf").status == .unprocessableContent)
        }
    }

    @Test("Erasing needs the passphrase and leaves nothing")
    func erase() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            _ = try await visitor.makeConversation()
            let wrong = try await visitor.call(.post, "/api/v1/erase", .object(Visitor.wrongLogin))
            #expect(wrong.code == "wrongPassphrase")
            #expect(try await visitor.call(.get, "/api/v1/conversations")["items"].items.count == 1)
            let answer = try await visitor.call(.post, "/api/v1/erase", Self.login())
            #expect(answer.status == .noContent)
            #expect(answer.headers[HTTPField.Name("Clear-Site-Data")!] == "\"cache\", \"storage\"")
            #expect(visitor.cookieValue == nil)
            #expect(try await stage.recordCount() == 0)
            #expect(try await visitor.call(.get, "/api/v1/status")["vault"] == "uninitialized")
            try await visitor.setUp()
            #expect(try await visitor.call(.get, "/api/v1/conversations")["items"].items.isEmpty)
        }
    }

    @Test("The status page has the figures of the process, the store and the streams")
    func system() async throws {
        try await Stage().runUnlocked { visitor in
            let answer = try await visitor.call(.get, "/api/v1/system")
            #expect(answer["version"] == "1.2.3")
            #expect(answer["store"]["engine"] == "sqlite")
            #expect(answer["store"]["records"].number > 0)
            #expect(answer["localModel"] == ["state": "stopped", "model": "scripted"])
            #expect(answer["streams"] == 0)
            #expect(answer["vault"] == "unlocked")
        }
    }
}
