import CherryCore
import CherryStore
import HTTPTypes
import Testing

@testable import CherryAPI

@Suite("Providers and models")
struct ProviderTests {
    private static let path = "/api/v1/providers"
    private static let body: JSONValue = [
        "name": "Example", "kind": "openai", "baseURL": "https://api.example.com/v1", "defaultModel": "m-1",
        "contextLength": 8192, "apiKey": "sk-secret-canary",
    ]

    @Test("The key goes in and never comes out; only whether there is one")
    func keys() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let made = try await visitor.call(.post, Self.path, Self.body)
            #expect(made.status == .created)
            #expect(made["value"]["hasKey"] == true)
            #expect(made["value"]["isEnabled"] == true)
            let id = try #require(RecordID(made["id"].text))
            #expect(try await stage.store.get(StoredSecret.self, id)?.value.value == "sk-secret-canary")

            let path = "\(Self.path)/\(id)"
            let kept = try await visitor.call(.patch, path, ["baseVersion": 1, "name": "Renamed"])
            #expect(kept["value"]["hasKey"] == true)
            let replaced = try await visitor.call(.patch, path, ["baseVersion": 2, "apiKey": "sk-other"])
            #expect(try await stage.store.get(StoredSecret.self, id)?.value.value == "sk-other")
            let removed = try await visitor.call(.patch, path, ["baseVersion": 3, "apiKey": .null])
            #expect(removed["value"]["hasKey"] == false)
            #expect(try await stage.store.get(StoredSecret.self, id) == nil)
            let list = try await visitor.call(.get, Self.path)
            let feed = try await visitor.call(.get, "/api/v1/changes")
            for answer in [made, kept, replaced, removed, list, feed] {
                #expect(!answer.text.contains("sk-"))
                #expect(!answer.text.contains("apiKey"))
            }
        }
    }

    @Test("Removing a provider removes its key with it")
    func remove() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let made = try await visitor.call(.post, Self.path, Self.body)
            #expect(try await visitor.call(.delete, "\(Self.path)/\(made["id"].text)").status == .noContent)
            #expect(try await stage.store.list(StoredSecret.self).isEmpty)
            #expect(try await visitor.call(.get, Self.path)["items"].items.isEmpty)
        }
    }

    @Test("A stale change conflicts, shows the current record and leaves the key alone")
    func conflict() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let made = try await visitor.call(.post, Self.path, Self.body)
            let path = "\(Self.path)/\(made["id"].text)"
            let winner = try await visitor.call(.patch, path, ["baseVersion": 1, "isEnabled": false])
            let loser = try await visitor.call(.patch, path, ["baseVersion": 1, "apiKey": "sk-late"])
            #expect(loser.code == "conflict")
            #expect(loser["current"] == winner.json)
            let secret = try await stage.store.get(StoredSecret.self, RecordID(made["id"].text)!)
            #expect(secret?.value.value == "sk-secret-canary")
        }
    }

    @Test(
        "What is no provider is refused by its field",
        arguments: [
            ("baseURL", "ftp://example.com"), ("baseURL", "https://user:pw@example.com"),
            ("baseURL", "https://example.com?key=1"), ("name", ""), ("kind", "other"), ("contextLength", 255),
            ("contextLength", .number(1.5)), ("apiKey", "with space"), ("apiKey", "line\nbreak"),
            ("apiKey", "schlüssel"),
            ("isEnabled", "yes"), ("defaultModel", ""),
        ] as [(String, JSONValue)]
    )
    func invalid(field: String, value: JSONValue) async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            guard case .object(var body) = Self.body else { return }
            body[field] = value
            let answer = try await visitor.call(.post, Self.path, .object(body))
            #expect(answer.status == .unprocessableContent)
            #expect(answer.message.hasPrefix("\(field): "))
            #expect(try await stage.store.list(Provider.self).isEmpty)
            #expect(try await stage.store.list(StoredSecret.self).isEmpty)
        }
    }

    @Test("The built-in model's id cannot be taken, and a provider is made once")
    func ids() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor async throws in
            guard case .object(var body) = Self.body else { return }
            body["id"] = .string(ModelReference.localProvider.description)
            #expect(try await visitor.call(.post, Self.path, .object(body)).status == .unprocessableContent)
            body["id"] = "01890000-0000-7000-8000-00000000abcd"
            #expect(try await visitor.call(.post, Self.path, .object(body)).status == .created)
            #expect(try await visitor.call(.post, Self.path, .object(body)).status == .ok)
            #expect(try await stage.store.list(Provider.self).count == 1)
        }
    }

    @Test("A test says what a provider offers; the models say what can be chosen")
    func models() async throws {
        try await Stage().runUnlocked { visitor in
            let made = try await visitor.call(.post, Self.path, Self.body)
            let test = try await visitor.call(.post, "\(Self.path)/\(made["id"].text)/test")
            #expect(test["ok"] == true)
            #expect(test["models"] == .array(["scripted"]))
            let listing = try await visitor.call(.get, "/api/v1/models")
            #expect(listing["default"] == ["providerID": made["id"], "model": "m-1"])
            #expect(listing["items"].items.contains { $0["isLocal"] == true && $0["isTiny"] == true })
            #expect(listing["items"].items.contains { $0["providerName"] == "Example" })
            #expect(listing["unreachable"] == .array([]))
        }
    }
}
