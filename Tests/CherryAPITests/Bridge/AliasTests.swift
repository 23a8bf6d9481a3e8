import CherryBridge
import CherryCore
import CherryStore
import HTTPTypes
import Testing

@testable import CherryAPI

@Suite("Aliases")
struct AliasTests {
    private static let path = "/api/v1/aliases"
    private static let local: JSONValue = [
        "providerID": .string(ModelReference.localProvider.description), "model": "scripted",
    ]

    private static func provider(_ visitor: Visitor, at url: String) async throws -> JSONValue {
        let made = try await visitor.call(
            .post,
            "/api/v1/providers",
            ["name": "P", "kind": "openai", "baseURL": .string(url)]
        )
        return ["providerID": made["id"], "model": "m", "weight": 3]
    }

    @Test("An alias is made, changed and removed, and keeps what was not said")
    func life() async throws {
        try await Stage().runUnlocked { visitor in
            let far = try await Self.provider(visitor, at: "https://far.example/v1")
            let made = try await visitor.call(
                .post,
                Self.path,
                [
                    "name": "fast", "strategy": "weighted", "targets": [far, Self.local], "retries": 1,
                    "hedgeAfterMilliseconds": 200, "limits": ["firstTokenMilliseconds": 5000],
                ]
            )
            #expect(made.status == .created)
            #expect(made["collection"] == "aliases")
            #expect(made["value"]["targets"][0]["model"]["model"] == "m")
            #expect(made["value"]["targets"][0]["weight"] == 3)
            #expect(made["value"]["targets"][1]["weight"] == 1)
            #expect(made["value"]["limits"] == ["firstTokenMilliseconds": 5000])
            let path = "\(Self.path)/\(made["id"].text)"
            let changed = try await visitor.call(
                .patch,
                path,
                [
                    "baseVersion": 1, "hedgeAfterMilliseconds": .null,
                    "limits": ["gapMilliseconds": 9, "firstTokenMilliseconds": .null],
                ]
            )
            #expect(changed["value"]["name"] == "fast")
            #expect(changed["value"]["hedgeAfterMilliseconds"] == .null)
            #expect(changed["value"]["limits"] == ["gapMilliseconds": 9])
            #expect(changed["value"]["retries"] == 1)
            let stale = try await visitor.call(.patch, path, ["baseVersion": 1, "retries": 0])
            #expect(stale.code == "conflict")
            #expect(stale["current"] == changed.json)
            #expect(try await visitor.call(.get, Self.path)["items"].items.count == 1)
            #expect(try await visitor.call(.delete, path).status == .noContent)
            #expect(try await visitor.call(.get, Self.path)["items"].items.isEmpty)
        }
    }

    @Test("Two aliases never share a name, whatever its case")
    func names() async throws {
        try await Stage().runUnlocked { visitor in
            let body: JSONValue = ["name": "fast", "targets": [Self.local]]
            #expect(try await visitor.call(.post, Self.path, body).status == .created)
            let second = try await visitor.call(.post, Self.path, ["name": "FAST", "targets": [Self.local]])
            #expect(second.status == .conflict)
            #expect(second.code == "nameTaken")
        }
    }

    @Test("What is to stay on this machine cannot name a model elsewhere")
    func local() async throws {
        try await Stage().runUnlocked { visitor in
            let far = try await Self.provider(visitor, at: "https://far.example/v1")
            let near = try await Self.provider(visitor, at: "http://localhost:11434/v1")
            let refused = try await visitor.call(
                .post,
                Self.path,
                ["name": "private", "staysLocal": true, "targets": [Self.local, far]]
            )
            #expect(refused.status == .unprocessableContent)
            #expect(refused.message.hasPrefix("targets.1: "))
            let made = try await visitor.call(
                .post,
                Self.path,
                ["name": "private", "staysLocal": true, "targets": [Self.local, near]]
            )
            #expect(made.status == .created)
            let changed = try await visitor.call(
                .patch,
                "\(Self.path)/\(made["id"].text)",
                ["baseVersion": 1, "targets": [far]]
            )
            #expect(changed.status == .unprocessableContent)
        }
    }

    @Test(
        "What is no alias is refused by its field",
        arguments: [
            ("name", ""), ("name", "a/b"), ("name", "a b"), ("strategy", "other"), ("targets", []), ("targets", "x"),
            ("retries", 11), ("hedgeAfterMilliseconds", 9), ("staysLocal", "yes"), ("limits", ["other": 1]),
        ] as [(String, JSONValue)]
    )
    func invalid(field: String, value: JSONValue) async throws {
        try await Stage().runUnlocked { visitor in
            var body: JSONValue = ["name": "fast", "targets": [Self.local]]
            body[field] = Optional(value)
            let answer = try await visitor.call(.post, Self.path, body)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.message.hasPrefix(field))
        }
    }

    @Test("An alias can be chosen like any other model")
    func chosen() async throws {
        try await Stage().runUnlocked { visitor in
            _ = try await visitor.call(.post, Self.path, ["name": "fast", "targets": [Self.local]])
            let listing = try await visitor.call(.get, "/api/v1/models")
            let first = try #require(listing["items"].items.first)
            #expect(first["providerID"].text == ModelReference.aliases.description)
            #expect(first["model"] == "fast")
            #expect(first["isLocal"] == true)
        }
    }
}
