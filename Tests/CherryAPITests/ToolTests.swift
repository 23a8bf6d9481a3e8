import CherryBridge
import CherryCore
import CherryStore
import CherryTesting
import HTTPTypes
import Hummingbird
import Testing

@testable import CherryAPI

@Suite("Tool servers, their tools and what they keep")
struct ToolTests {
    private static let path = "/api/v1/servers"
    private static let body: JSONValue = [
        "name": "Files", "endpoint": ["kind": "command", "program": "files-server", "arguments": ["--root", "/tmp"]],
        "credential": "secret-canary", "permission": "always", "timeoutSeconds": 5,
    ]

    @Test("A server is added, changed and removed; its credential goes in and never comes out")
    func lifecycle() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let made = try await visitor.call(.post, Self.path, Self.body)
            #expect(made.status == .created)
            #expect(made["value"]["hasCredential"] == true)
            #expect(made["value"]["endpoint"]["environment"] == ["HOME", "LANG", "PATH"])
            #expect(made["value"]["isTrusted"] == false)
            let id = try #require(RecordID(made["id"].text))
            #expect(try await stage.store.get(StoredSecret.self, id)?.value.value == "secret-canary")
            let path = "\(Self.path)/\(id)"
            let changed = try await visitor.call(
                .patch,
                path,
                [
                    "baseVersion": 1, "endpoint": ["kind": "http", "url": "http://localhost:9/mcp"],
                    "rules": ["echo": ["permission": "never", "isReadOnly": false]], "isEnabled": false,
                ]
            )
            #expect(changed["value"]["endpoint"] == ["kind": "http", "url": "http://localhost:9/mcp"])
            #expect(changed["value"]["rules"]["echo"]["permission"] == "never")
            #expect(changed["value"]["hasCredential"] == true)
            let late = try await visitor.call(.patch, path, ["baseVersion": 1, "name": "Late"])
            #expect(late.code == "conflict")
            #expect(late["current"] == changed.json)
            let list = try await visitor.call(.get, Self.path)
            for answer in [made, changed, late, list] { #expect(!answer.text.contains("secret-canary")) }
            #expect(try await visitor.call(.delete, path).status == .noContent)
            #expect(try await stage.store.list(StoredSecret.self).isEmpty)
            let audited = try await stage.store.list(AuditEvent.self).map(\.value.kind)
            #expect(audited.contains(.serverAdded))
            #expect(audited.contains(.serverRemoved))
            #expect(try await visitor.call(.delete, path).status == .notFound)
        }
    }

    @Test(
        "What is no server is refused by its field",
        arguments: [
            ("name", ""), ("endpoint", [:]), ("endpoint", ["kind": "command", "program": ""]),
            ("endpoint", ["kind": "command", "program": "x", "environment": ["A=B"]]),
            ("endpoint", ["kind": "command", "program": "x", "credentialVariable": "1A"]),
            ("endpoint", ["kind": "http", "url": "ftp://example.com"]),
            ("endpoint", ["kind": "http", "url": "http://example.com", "program": "x"]),
            ("permission", "sometimes"), ("rules", ["a": "ask"]), ("rules", ["": ["permission": "ask"]]),
            ("timeoutSeconds", 0), ("credential", "line\nbreak"),
        ] as [(String, JSONValue)]
    )
    func invalid(field: String, value: JSONValue) async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            guard case .object(var body) = Self.body else { return }
            body[field] = value
            let answer = try await visitor.call(.post, Self.path, .object(body))
            #expect(answer.status == .unprocessableContent)
            #expect(answer.message.hasPrefix(field))
            #expect(try await stage.store.list(ToolServer.self).isEmpty)
        }
    }

    @Test("A test says what a server is and what each of its tools may do")
    func test() async throws {
        try await Stage().runUnlocked { visitor in
            let made = try await visitor.call(.post, Self.path, Self.body)
            let test = try await visitor.call(.post, "\(Self.path)/\(made["id"].text)/test")
            #expect(test["ok"] == true)
            #expect(test["server"] == "one 1")
            #expect(test["revision"] == "2026-07-28")
            #expect(test["tools"][0]["name"] == "echo")
            #expect(test["tools"][0]["saysReadOnly"] == true)
            #expect(test["tools"][0]["isReadOnly"] == false)
            #expect(test["tools"][0]["permission"] == "always")
            #expect(try await visitor.call(.post, "\(Self.path)/\(RecordID.make())/test").status == .notFound)
        }
    }

    @Test("A call that is asked for is shown to the reader, allowed by a request, and kept with the message")
    func turn() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            guard case .object(var body) = Self.body else { return }
            body["permission"] = "ask"
            _ = try await visitor.call(.post, Self.path, .object(body))
            let provider: JSONValue = [
                "name": "P", "kind": "openai", "baseURL": "https://api.example.com/v1", "defaultModel": "m",
            ]
            _ = try await visitor.call(.post, "/api/v1/providers", provider)
            let conversation = try await visitor.makeConversation()["id"].text
            let first = stage.model.script()
            first.yield(.event(.toolCall(index: 0, id: "c", name: "files__echo")))
            first.yield(.event(.toolArguments(index: 0, #"{"x":1}"#)))
            first.yield(.end)
            let second = stage.model.script()
            second.yield(.event(.text("Done")))
            second.yield(.end)
            let turn = try await visitor.call(
                .post,
                "/api/v1/conversations/\(conversation)/turns",
                ["kind": "send", "messageID": .string(RecordID.make().description), "content": "Go", "usesTools": true]
            )
            let reply = turn["reply"]["id"].text
            let path = "/api/v1/messages/\(reply)/tool-calls/1.0"
            var decided = try await visitor.call(.post, path, ["decision": "once"])
            while decided.status == .notFound {  // not asked for yet
                decided = try await visitor.call(.post, path, ["decision": "once"])
            }
            #expect(decided.status == .noContent)
            let events = try await visitor.call(.get, "/api/v1/messages/\(reply)/events")
            #expect(events.text.contains("event: tools"))
            let message = try await visitor.call(.get, "/api/v1/messages/\(reply)")
            #expect(message["value"]["state"] == "complete")
            #expect(message["value"]["toolUses"][0]["state"] == "done")
            #expect(message["value"]["toolUses"][0]["result"] == #"echo of {"x":1}"#)
            #expect(try await visitor.call(.post, path, ["decision": "once"]).status == .notFound)
            #expect(try await visitor.call(.post, path, ["decision": "maybe"]).status == .unprocessableContent)
        }
    }

    @Test("What tools have kept can be looked through and thrown away")
    func context() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let item = ContextItem(kind: .fact, text: "Likes tea", origin: .init(tokenID: .make(), name: "Editor"))
            try await stage.store.put(item, basedOn: 0)
            let list = try await visitor.call(.get, "/api/v1/context")
            #expect(list["items"][0]["value"]["origin"]["name"] == "Editor")
            #expect(try await visitor.call(.delete, "/api/v1/context/\(item.id)").status == .noContent)
            #expect(try await visitor.call(.get, "/api/v1/context")["items"] == [])
            #expect(try await visitor.call(.delete, "/api/v1/context/\(item.id)").status == .notFound)
        }
    }
}
