import CherryAssistant
import CherryBridge
import CherryCore
import CherryStore
import CherryVault
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import CherryAPI

extension Visitor {
    static let versionHeader = HTTPField.Name("MCP-Protocol-Version")!
    static let sessionHeader = HTTPField.Name("Mcp-Session-Id")!
    static let methodHeader = HTTPField.Name("Mcp-Method")!
    static let nameHeader = HTTPField.Name("Mcp-Name")!

    static let modernMeta: JSONValue = [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": [:],
        "io.modelcontextprotocol/clientInfo": ["name": "tester", "version": "1"],
    ]

    /// Sends a message as a tool does: with a token, without a cookie or the app's header.
    func mcp(_ message: JSONValue, token: String = "write", headers extra: HTTPFields = [:]) async throws -> Answer {
        var headers = Self.toolHeaders(token)
        for field in extra { headers[field.name] = field.value }
        return try await self.send(.post, "/mcp", ByteBuffer(bytes: message.bytes), headers: headers)
    }

    static func toolHeaders(_ token: String) -> HTTPFields {
        [
            .authorization: "Bearer \(token)", .accept: "application/json, text/event-stream", .cookie: "",
            HTTPField.Name("X-Cherry")!: "",
        ]
    }

    /// Sends a request that stands alone.
    func modern(
        _ method: String,
        _ params: JSONObject = [:],
        token: String = "write",
        headers extra: HTTPFields = [:]
    ) async throws -> Answer {
        var headers: HTTPFields = [Self.versionHeader: "2026-07-28", Self.methodHeader: method]
        if let name = MCPHeaders.nameParameter(of: method).flatMap({ params[$0]?.string }) {
            headers[Self.nameHeader] = MCPHeaders.encode(name)
        }
        for field in extra { headers[field.name] = field.value.isEmpty ? nil : field.value }
        var params = params
        params["_meta"] = Self.modernMeta
        return try await self.mcp(
            ["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .object(params)],
            token: token,
            headers: headers
        )
    }

    static func initialize(_ version: String = "2025-11-25") -> JSONValue {
        [
            "jsonrpc": "2.0", "id": "init", "method": "initialize",
            "params": [
                "protocolVersion": .string(version), "capabilities": [:],
                "clientInfo": ["name": "tester", "version": "1"],
            ],
        ]
    }

    /// Begins a session and returns the headers that belong to it.
    func beginMCP(_ version: String = "2025-11-25", token: String = "write") async throws -> HTTPFields {
        let answer = try await self.mcp(Self.initialize(version), token: token)
        #expect(answer.status == .ok)
        #expect(answer["result"]["protocolVersion"].text == version)
        let id = try #require(answer.headers[Self.sessionHeader])
        let headers: HTTPFields = [Self.sessionHeader: id, Self.versionHeader: version]
        let ready = try await self.mcp(
            ["jsonrpc": "2.0", "method": "notifications/initialized"],
            token: token,
            headers: headers
        )
        #expect(ready.status == .accepted)
        return headers
    }

    static func request(_ method: String, _ params: JSONValue = [:], id: JSONValue = 7) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": params]
    }
}

@Suite("The Model Context Protocol over HTTP")
struct MCPTests {
    @Test("Without a token that is known nothing is answered, whatever else is sent")
    func unauthorized() async throws {
        try await Stage().runUnlocked { visitor in
            for value in ["", "Bearer", "Bearer wrong", "Basic write", "write"] {
                let answer = try await visitor.mcp(Visitor.initialize(), headers: [.authorization: value])
                #expect(answer.status == .unauthorized)
                #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
                #expect(answer["error"]["data"]["code"] == "unauthorized")
            }
            // The session of a browser is no token.
            let answer = try await visitor.send(
                .post,
                "/mcp",
                ByteBuffer(bytes: Visitor.initialize().bytes),
                headers: [.accept: "application/json"]
            )
            #expect(answer.status == .unauthorized)
        }
    }

    @Test(
        "A page of another site is refused before anything else",
        arguments: ["https://evil.example", "null", "http://localhost:1"]
    )
    func origins(origin: String) async throws {
        try await Stage().runUnlocked { visitor in
            let answer = try await visitor.mcp(Visitor.initialize(), headers: [.origin: origin])
            #expect(answer.status == .forbidden)
            #expect(answer["jsonrpc"] == "2.0")
            for method in [HTTPRequest.Method.get, .delete] {
                var headers = Visitor.toolHeaders("write")
                headers[.origin] = origin
                #expect(try await visitor.send(method, "/mcp", headers: headers).status == .forbidden)
            }
            let own = try await visitor.mcp(Visitor.initialize(), headers: [.origin: "http://localhost"])
            #expect(own.status == .ok)
        }
    }

    @Test("A locked vault is told as an error of the protocol, with the request's id")
    func sealed() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let session = try await visitor.beginMCP()
            stage.vault.lock()
            for answer in [
                try await visitor.mcp(Visitor.initialize()),
                try await visitor.mcp(Visitor.request("tools/list"), headers: session),
                try await visitor.modern("tools/list"),
            ] {
                #expect(answer.status == .ok)
                #expect(answer["error"]["code"] == 423)
                #expect(answer["error"]["data"]["code"] == "sealed")
                #expect(!answer["id"].isNull)
            }
            let note = try await visitor.mcp(["jsonrpc": "2.0", "method": "notifications/cancelled"])
            #expect(note.status == .accepted)
        }
    }

    @Test("What is no request of this protocol gets the right status and code")
    func malformed() async throws {
        try await Stage { $0.limits.body = 2000 }.runUnlocked { visitor in
            func send(_ text: String, _ headers: HTTPFields = [:]) async throws -> Answer {
                var all = Visitor.toolHeaders("write")
                for field in headers { all[field.name] = field.value }
                return try await visitor.send(.post, "/mcp", ByteBuffer(string: text), headers: all)
            }
            let broken = try await send("{")
            #expect(broken.status == .badRequest)
            #expect(broken["error"]["code"] == -32700)
            let batch = try await send("[\(Visitor.initialize().text)]")
            #expect(batch.status == .badRequest)
            #expect(batch["error"]["code"] == -32600)
            let older = try await send("{", [Visitor.versionHeader: "2025-06-18"])
            #expect(older["id"] == "")
            #expect(try await send(Visitor.initialize().text, [.contentType: "text/plain"]).status.code == 415)
            #expect(try await send(Visitor.initialize().text, [.accept: "text/html"]).status.code == 406)
            #expect(try await visitor.call(.put, "/mcp", [:]).status == .methodNotAllowed)
        }
    }

    @Test("A body that is too large is refused")
    func tooLarge() async throws {
        try await Stage { $0.limits.body = 2000 }.runUnlocked(.live) { visitor in
            let long = JSONValue.string(String(repeating: "x", count: 3000))
            let answer = try await visitor.mcp(Visitor.request("tools/list", ["x": long]))
            #expect(answer.status == .contentTooLarge)
        }
    }

    // MARK: Sessions

    @Test(
        "A session is begun, used and ended, in each revision that has sessions",
        arguments: ["2025-06-18", "2025-11-25"]
    )
    func sessions(version: String) async throws {
        try await Stage().runUnlocked { visitor in
            let session = try await visitor.beginMCP(version)
            let list = try await visitor.mcp(Visitor.request("tools/list"), headers: session)
            #expect(list.status == .ok)
            #expect(list["id"] == 7)
            #expect(list["result"]["tools"].items.count == 6)
            #expect(list["result"]["resultType"].isNull)
            #expect(try await visitor.mcp(Visitor.request("ping"), headers: session)["result"] == [:])
            let unknown = try await visitor.mcp(Visitor.request("server/discover"), headers: session)
            #expect(unknown.status == .ok)
            #expect(unknown["error"]["code"] == -32601)

            var end = Visitor.toolHeaders("write")
            for field in session { end[field.name] = field.value }
            #expect(try await visitor.send(.delete, "/mcp", headers: end).status == .noContent)
            #expect(try await visitor.send(.delete, "/mcp", headers: end).status == .notFound)
            #expect(try await visitor.mcp(Visitor.request("tools/list"), headers: session).status == .notFound)
        }
    }

    @Test("A session is of no use without its token, its revision or its id")
    func foreignSessions() async throws {
        try await Stage().runUnlocked { visitor in
            let session = try await visitor.beginMCP()
            let list = Visitor.request("tools/list")
            #expect(try await visitor.mcp(list, token: "read", headers: session).status == .notFound)
            #expect(try await visitor.mcp(list).status == .badRequest)
            var other = session
            other[Visitor.versionHeader] = "2025-06-18"
            #expect(try await visitor.mcp(list, headers: other).status == .badRequest)
            other[Visitor.versionHeader] = "1900-01-01"
            let unsupported = try await visitor.mcp(list, headers: other)
            #expect(unsupported.status == .badRequest)
            #expect(unsupported["error"]["code"] == -32022)
            other[Visitor.versionHeader] = nil
            #expect(try await visitor.mcp(list, headers: other).status == .ok)
        }
    }

    @Test("Each token is offered what its right allows")
    func rights() async throws {
        try await Stage().runUnlocked { visitor in
            for (token, count) in [("none", 1), ("read", 5), ("write", 6)] {
                let list = try await visitor.modern("tools/list", token: token)
                #expect(list["result"]["tools"].items.count == count)
            }
            let refused = try await visitor.modern(
                "tools/call",
                ["name": "add_context", "arguments": ["text": "x"]],
                token: "read"
            )
            #expect(refused.status == .badRequest)
            #expect(refused["error"]["code"] == -32602)
        }
    }

    @Test("A right that is taken back counts at once, in sessions too")
    func rightTakenBack() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            let session = try await visitor.beginMCP()
            stage.tokens.limit("write", to: .none)
            let list = try await visitor.mcp(Visitor.request("tools/list"), headers: session)
            #expect(list["result"]["tools"].items.map { $0["name"].text } == ["ask"])
        }
    }

    // MARK: Requests that stand alone

    @Test("A request that stands alone needs no session, and its headers must say what its body says")
    func standingAlone() async throws {
        try await Stage().runUnlocked { visitor in
            let discovered = try await visitor.modern("server/discover")
            #expect(discovered.status == .ok)
            #expect(discovered.headers[Visitor.sessionHeader] == nil)
            #expect(discovered["result"]["supportedVersions"][0] == "2026-07-28")
            for header in [Visitor.versionHeader, Visitor.methodHeader, Visitor.nameHeader] {
                let params: JSONObject = ["name": "list_conversations"]
                for value in ["", "other"] {
                    let answer = try await visitor.modern("tools/call", params, headers: [header: value])
                    #expect(answer.status == .badRequest)
                    #expect(answer["error"]["code"] == -32020)
                    #expect(answer["id"] == 1)
                }
            }
            #expect(try await visitor.modern("ping").status == .notFound)
            let bare = try await visitor.mcp(
                Visitor.request("tools/list"),
                headers: [Visitor.versionHeader: "2026-07-28"]
            )
            #expect(bare.status == .badRequest)
            #expect(bare["error"]["code"] == -32602)
            var meta = Visitor.modernMeta
            meta["io.modelcontextprotocol/protocolVersion"] = "2027-01-01"
            let future = try await visitor.mcp(
                Visitor.request("tools/list", ["_meta": meta]),
                headers: [Visitor.versionHeader: "2027-01-01", Visitor.methodHeader: "tools/list"]
            )
            #expect(future.status == .badRequest)
            #expect(future["error"]["code"] == -32022)
            var headers = Visitor.toolHeaders("write")
            headers[Visitor.versionHeader] = "2026-07-28"
            #expect(try await visitor.send(.get, "/mcp", headers: headers).status == .methodNotAllowed)
            #expect(try await visitor.send(.delete, "/mcp", headers: headers).status == .methodNotAllowed)
        }
    }

    @Test("What one tool keeps, another finds; the record says who brought it")
    func sharing() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            try await stage.library.warmUp()
            let added = try await visitor.modern(
                "tools/call",
                ["name": "add_context", "arguments": ["text": "Likes green tea", "kind": "fact"]]
            )
            #expect(added["result"]["isError"] == false)
            let found = try await visitor.modern(
                "tools/call",
                ["name": "search_context", "arguments": ["query": "tea"]],
                token: "read"
            )
            #expect(found["result"]["structuredContent"]["items"][0]["text"] == "Likes green tea")
            #expect(found["result"]["structuredContent"]["items"][0]["author"] == "The write tool")
            let item = try #require(try await stage.store.list(ContextItem.self).first?.value)
            #expect(item.origin.client == "tester")
        }
    }

    @Test("Reading uses of a token put off the idle lock, listing does not")
    func activity() async throws {
        let stage = try Stage()
        try await stage.runUnlocked { visitor in
            stage.vault.idleLimit = .seconds(60)
            stage.clock.advance(by: .seconds(50))
            _ = try await visitor.modern("tools/call", ["name": "list_conversations"])
            stage.clock.advance(by: .seconds(50))
            #expect(!stage.vault.lockIfIdle())
            _ = try await visitor.modern("tools/list")
            stage.clock.advance(by: .seconds(20))
            #expect(stage.vault.lockIfIdle())
        }
    }
}
