import CherryCore
import HTTPTypes
import Synchronization
import Testing

@testable import CherryAPI

@Suite("Personas and preferences")
struct PersonaTests {
    private static let path = "/api/v1/personas"
    private static let cherry = "00000000-0000-7000-8000-0000000000c1"

    @Test("The built-in ones are there from the start, come first, and cannot be deleted")
    func builtIn() async throws {
        try await Stage().runUnlocked { visitor in
            let personas = try await visitor.call(.get, Self.path)["items"].items
            #expect(personas.map { $0["value"]["name"].text } == ["Cherry", "Sophia", "Karen"])
            let answer = try await visitor.call(.delete, "\(Self.path)/\(Self.cherry)")
            #expect(answer.status == .conflict && answer.code == "builtIn")
            #expect(try await visitor.call(.get, Self.path)["items"].items.count == 3)
        }
    }

    @Test("A built-in one can be edited and made what it was at first")
    func reset() async throws {
        try await Stage().runUnlocked { visitor in
            let original = try await visitor.call(.get, Self.path)["items"][0]
            let path = "\(Self.path)/\(Self.cherry)"
            let changed = try await visitor.call(
                .patch,
                path,
                [
                    "baseVersion": 1, "name": "Kirsche", "hue": "moss", "instructions": "Be short.",
                    "temperature": .number(0.5),
                ]
            )
            #expect(changed["value"]["name"] == "Kirsche")
            #expect(changed["value"]["temperature"] == .number(0.5))
            let reset = try await visitor.call(.post, "\(path)/reset")
            #expect(reset["version"] == 3)
            #expect(reset["value"]["name"] == "Cherry")
            #expect(reset["value"]["instructions"] == original["value"]["instructions"])
            #expect(reset["value"]["temperature"] == .null)
        }
    }

    @Test("One's own are made once, changed, and deleted")
    func own() async throws {
        try await Stage().runUnlocked { visitor in
            let body: JSONValue = ["id": "01890000-0000-7000-8000-00000000abcd", "name": "Guest", "temperature": 1]
            let made = try await visitor.call(.post, Self.path, body)
            #expect(made.status == .created)
            #expect(made["value"]["hue"] == "slate")
            #expect(made["value"]["isBuiltIn"] == false)
            #expect(try await visitor.call(.post, Self.path, body).status == .ok)
            let path = "\(Self.path)/\(made["id"].text)"
            let cleared = try await visitor.call(.patch, path, ["baseVersion": 1, "temperature": .null])
            #expect(!cleared["value"].keys.contains("temperature"))
            let stale = try await visitor.call(.patch, path, ["baseVersion": 1, "name": "Late"])
            #expect(stale.code == "conflict")
            #expect(stale["current"] == cleared.json)
            #expect(try await visitor.call(.post, "\(path)/reset").code == "notBuiltIn")
            #expect(try await visitor.call(.delete, path).status == .noContent)
            #expect(try await visitor.call(.delete, path).status == .notFound)
        }
    }

    @Test("A preference is set, seen, set again by version, and removed")
    func preferences() async throws {
        try await Stage().runUnlocked { visitor in
            let path = "/api/v1/preferences/appearance.scheme"
            let first = try await visitor.call(.put, path, ["value": "dark", "baseVersion": 0])
            #expect(first.status == .ok)
            #expect(first["version"] == 1)
            #expect(first["value"]["key"] == "appearance.scheme")
            let again = try await visitor.call(.put, path, ["value": "dark", "baseVersion": 0])
            #expect(again.json == first.json)
            let stale = try await visitor.call(.put, path, ["value": "light", "baseVersion": 0])
            #expect(stale.code == "conflict")
            #expect(stale["current"] == first.json)
            let second = try await visitor.call(.put, path, ["value": "light", "baseVersion": 1])
            #expect(second["version"] == 2)
            #expect(try await visitor.call(.get, "/api/v1/preferences")["items"].items == [second.json])
            #expect(try await visitor.call(.delete, path).status == .noContent)
            #expect(try await visitor.call(.get, "/api/v1/preferences")["items"].items.isEmpty)
            let anew = try await visitor.call(.put, path, ["value": "system", "baseVersion": 0])
            #expect(anew.status == .ok)
        }
    }

    @Test(
        "The product's own preferences take only what they can use; others take anything",
        arguments: [
            ("appearance.scheme", "purple", false), ("appearance.scheme", "system", true),
            ("composer.enterSends", "yes", false), ("composer.enterSends", true, true),
            ("lock.idleMinutes", 0, false), ("lock.idleMinutes", 1441, false), ("lock.idleMinutes", "5", false),
            ("lock.idleMinutes", 5, true), ("model.default", "m", false), ("model.default", .null, true),
            ("model.default", ["providerID": "00000000-0000-7000-8000-000000000001", "model": "m"], true),
            ("my.own", ["any": .array([1, .null, "thing"])], true), ("my.own", .null, true),
        ] as [(String, JSONValue, Bool)]
    )
    func preferenceValues(key: String, value: JSONValue, isGood: Bool) async throws {
        try await Stage().runUnlocked { visitor in
            let answer = try await visitor.call(
                .put,
                "/api/v1/preferences/\(key)",
                ["value": value, "baseVersion": 0]
            )
            #expect(answer.status == (isGood ? .ok : .unprocessableContent))
            let count = try await visitor.call(.get, "/api/v1/preferences")["items"].items.count
            #expect(count == (isGood ? 1 : 0))
        }
    }

    @Test("A value beyond 64 KiB, or a key that is none, is refused")
    func preferenceLimits() async throws {
        try await Stage().runUnlocked { visitor in
            let large: JSONValue = .string(String(repeating: "x", count: 64 << 10))
            let answer = try await visitor.call(.put, "/api/v1/preferences/a", ["value": large, "baseVersion": 0])
            #expect(answer.status == .unprocessableContent)
            for key in ["A", "a..b", "a-b", String(repeating: "a", count: 65)] {
                let answer = try await visitor.call(.put, "/api/v1/preferences/\(key)", ["value": 1, "baseVersion": 0])
                #expect(answer.status == .unprocessableContent, "\(key)")
            }
        }
    }

    @Test("The idle limit is told to the vault when it changes and when it returns to the usual")
    func idleLimit() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let path = "/api/v1/preferences/lock.idleMinutes"
            try await visitor.call(.put, path, ["value": 5, "baseVersion": 0])
            try await visitor.call(.delete, path)
            #expect(stage.calls.withLock { $0.idleLimits } == [.seconds(300), .seconds(900)])
        }
    }
}
