import CherryBridge
import CherryCore
import CherryStore
import HTTPTypes
import Testing

@testable import CherryAPI

@Suite("Tokens of other tools")
struct TokenTests {
    private static let path = "/api/v1/tokens"

    @Test("The token is told once and never again; only its digest is kept, sealed under the key for secrets")
    func secret() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let made = try await visitor.call(
                .post,
                Self.path,
                [
                    "name": "Editor", "models": ["fast", "openai/*"], "contextAccess": "read",
                    "requestsPerMinute": 60, "daily": ["microDollars": 1_000_000], "monthly": ["tokens": 5],
                ]
            )
            #expect(made.status == .created)
            let token = made["token"].text
            #expect(token.wholeMatch(of: /ck-[A-Za-z0-9_-]{43}/) != nil)
            let value: JSONValue = made["record"]["value"]
            #expect(token.hasPrefix(value["prefix"].text))
            #expect(value["prefix"].text.utf8.count == 6)
            #expect(value["daily"] == ["microDollars": 1_000_000])
            #expect(value["spentToday"] == ["microDollars": 0, "tokens": 0])
            let stored = try #require(try await stage.store.list(BridgeToken.self).first?.value)
            #expect(TokenDigest(of: token)?.hexadecimal == stored.digest)
            let list = try await visitor.call(.get, Self.path)
            let feed = try await visitor.call(.get, "/api/v1/changes")
            for answer in [list, feed] {
                #expect(!answer.text.contains(token))
                #expect(!answer.text.contains(stored.digest))
            }
        }
    }

    @Test("A token works as soon as it is made, and not once it is revoked")
    func life() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            try await stage.tellGateway()
            let made = try await visitor.call(.post, Self.path, ["name": "Editor"])
            let headers: HTTPFields = [.authorization: "Bearer \(made["token"].text)"]
            func ask() async throws -> HTTPResponse.Status {
                try await visitor.another().call(.get, "/v1/models", headers: headers).status
            }
            #expect(try await ask() == .ok)
            let path = "\(Self.path)/\(made["record"]["id"].text)"
            let changed = try await visitor.call(.patch, path, ["baseVersion": 1, "name": "IDE", "models": []])
            #expect(changed["value"]["name"] == "IDE")
            #expect(changed["value"]["models"] == .array([]))
            let revoked = try await visitor.call(.post, "\(path)/revoke")
            #expect(revoked["value"]["revokedAt"].number > 0)
            #expect(try await ask() == .unauthorized)
            #expect(try await visitor.call(.delete, path).status == .noContent)
            #expect(try await visitor.call(.get, Self.path)["items"].items.isEmpty)
            let kinds = try await stage.store.list(AuditEvent.self).map(\.value.kind)
            #expect(kinds.filter { $0 == .tokenAdded }.count == 1)
            #expect(kinds.filter { $0 == .tokenRevoked }.count == 2)
        }
    }

    @Test(
        "What is no token's limit is refused by its field",
        arguments: [
            ("name", ""), ("models", ["a*b"]), ("models", "x"), ("contextAccess", "all"), ("requestsPerMinute", 0),
            ("daily", ["microDollars": -1]), ("daily", ["euros": 1]), ("monthly", 5), ("cacheSeconds", 0),
            ("expiresAt", 1), ("token", "ck-x"), ("semanticCache", 1), ("semanticCache", ["threshold": 0.5]),
            ("semanticCache", ["threshold": 1.1]), ("semanticCache", ["threshold": .null]),
            ("semanticCache", ["seconds": 0]), ("semanticCache", ["embeddings": ""]), ("semanticCache", ["x": 1]),
        ] as [(String, JSONValue)]
    )
    func invalid(field: String, value: JSONValue) async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            var body: JSONValue = ["name": "Editor"]
            body[field] = Optional(value)
            let answer = try await visitor.call(.post, Self.path, body)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.message.hasPrefix(field))
            #expect(try await stage.store.list(BridgeToken.self).isEmpty)
        }
    }
}
