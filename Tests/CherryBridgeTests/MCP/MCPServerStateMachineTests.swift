import CherryBridge
import CherryCore
import Testing

@Suite("The server's side of the Model Context Protocol, event by event")
struct MCPServerStateMachineTests {
    private var machine = MCPServerStateMachine(
        .init(server: MCPImplementation(name: "cherry", title: "Cherry", version: "1"), instructions: "Read.")
    )

    private static let meta: JSONValue = [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": [:],
        "io.modelcontextprotocol/clientInfo": ["name": "tool", "version": "3"],
    ]

    private static let initialize: JSONObject = [
        "protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": ["name": "tool", "version": "3"],
    ]

    private mutating func request(
        _ method: String,
        _ params: JSONObject = [:],
        id: MCPRequestID = .integer(1)
    ) -> [MCPServerStateMachine.Action] {
        self.machine.handle(.received(.request(id: id, method: method, params: params)))
    }

    private mutating func modern(
        _ method: String,
        _ params: JSONObject = [:],
        id: MCPRequestID = .integer(1)
    ) -> [MCPServerStateMachine.Action] {
        var params = params
        params["_meta"] = Self.meta
        return self.request(method, params, id: id)
    }

    private mutating func begin(_ version: String = "2025-11-25") {
        var params = Self.initialize
        params["protocolVersion"] = .string(version)
        _ = self.request("initialize", params, id: .text("init"))
        _ = self.machine.handle(.received(.notification(method: "notifications/initialized", params: [:])))
    }

    private func code(_ actions: [MCPServerStateMachine.Action]) -> Int? {
        guard actions.count == 1, case .send(let message, _) = actions[0] else { return nil }
        return message["error"]?["code"]?.integer
    }

    private func sent(_ actions: [MCPServerStateMachine.Action], _ index: Int = 0) -> JSONValue {
        guard actions.indices.contains(index), case .send(let message, _) = actions[index] else { return .null }
        return message
    }

    // MARK: Revisions

    @Test(
        "initialize agrees on the revision asked for, or offers the newest that begins so",
        arguments: [
            ("2025-06-18", "2025-06-18"), ("2025-11-25", "2025-11-25"), ("2024-11-05", "2025-11-25"),
            ("2026-07-28", "2025-11-25"), ("nonsense", "2025-11-25"),
        ]
    )
    mutating func negotiation(asked: String, agreed: String) {
        var params = Self.initialize
        params["protocolVersion"] = .string(asked)
        let answer = self.sent(self.request("initialize", params))
        #expect(answer["result"]?["protocolVersion"] == .string(agreed))
        #expect(answer["result"]?["serverInfo"]?["name"] == "cherry")
        #expect(answer["result"]?["resultType"] == nil)
        #expect(self.machine.version?.rawValue == agreed)
    }

    @Test("initialize comes once, and needs all its parameters")
    mutating func initializeRules() {
        for key in Self.initialize.keys {
            var params = Self.initialize
            params[key] = nil
            #expect(self.code(self.request("initialize", params)) == -32602)
        }
        #expect(self.machine.version == nil)
        self.begin()
        #expect(self.code(self.request("initialize", Self.initialize)) == -32600)
    }

    @Test("Before initialize only a ping is answered, unless a request names its revision itself")
    mutating func order() {
        #expect(self.code(self.request("tools/list")) == -32602)
        #expect(self.sent(self.request("ping"))["result"] == [:])
        #expect(self.modern("tools/list") == [.perform(.listTools, .integer(1), client: Self.client)])
    }

    private static let client = MCPImplementation(name: "tool", version: "3")

    @Test("A request that stands alone must name a revision that is spoken, and what its client can do")
    mutating func metadata() {
        func params(_ change: (inout JSONValue) -> Void) -> JSONObject {
            var meta = Self.meta
            change(&meta)
            return ["_meta": meta]
        }
        let version = "io.modelcontextprotocol/protocolVersion"
        let unsupported = self.sent(self.request("tools/list", params { $0[version] = "1900-01-01" }))["error"]
        #expect(unsupported?["code"] == -32022)
        #expect(unsupported?["data"]?["requested"] == "1900-01-01")
        #expect(unsupported?["data"]?["supported"] == ["2026-07-28", "2025-11-25", "2025-06-18"])
        #expect(self.code(self.request("tools/list", params { $0[version] = "2025-11-25" })) == -32022)
        #expect(self.code(self.request("tools/list", params { $0[version] = 5 })) == -32602)
        let capabilities = "io.modelcontextprotocol/clientCapabilities"
        #expect(self.code(self.request("tools/list", params { $0[capabilities] = nil })) == -32602)
    }

    @Test("Both kinds of requests are served side by side")
    mutating func bothEras() {
        self.begin("2025-06-18")
        #expect(self.modern("tools/list", id: .integer(5)) == [.perform(.listTools, .integer(5), client: Self.client)])
        #expect(self.request("tools/list", id: .integer(6)) == [.perform(.listTools, .integer(6), client: Self.client)])
        let modern = self.sent(self.machine.handle(.finished(.integer(5), .success(.tools([])))))
        #expect(modern["result"]?["resultType"] == "complete")
        #expect(modern["result"]?["ttlMs"] == 60_000)
        #expect(modern["result"]?["cacheScope"] == "private")
        #expect(modern["result"]?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["version"] == "1")
        let older = self.sent(self.machine.handle(.finished(.integer(6), .success(.tools([])))))
        #expect(older["result"] == ["tools": []])
    }

    // MARK: Methods

    @Test("Each revision has its own methods")
    mutating func methods() {
        for method in ["initialize", "ping", "logging/setLevel", "resources/subscribe", "tasks/list", "nonsense"] {
            #expect(self.code(self.modern(method)) == -32601, "\(method)")
        }
        let discovered = self.sent(self.modern("server/discover"))["result"]
        #expect(discovered?["supportedVersions"] == ["2026-07-28", "2025-11-25", "2025-06-18"])
        #expect(discovered?["capabilities"]?["tools"] == [:])
        #expect(discovered?["instructions"] == "Read.")
        self.begin()
        for method in ["server/discover", "subscriptions/listen", "completion/complete", "tasks/get", ""] {
            #expect(self.code(self.request(method)) == -32601, "\(method)")
        }
    }

    @Test(
        "Parameters of the wrong type are refused",
        arguments: [
            ("tools/call", [:]), ("tools/call", ["name": 5]), ("tools/call", ["name": "a", "arguments": "b"]),
            ("tools/list", ["cursor": "x"]), ("resources/read", ["uri": .null]), ("prompts/get", ["arguments": [:]]),
            ("prompts/get", ["name": "a", "arguments": ["question": 5]]),
        ] as [(String, JSONObject)]
    )
    mutating func parameters(method: String, params: JSONObject) {
        #expect(self.code(self.modern(method, params)) == -32602)
        #expect(self.machine.runningCount == 0)
    }

    // MARK: Work under way

    @Test("An id that is in use is refused, and free again after the answer")
    mutating func ids() {
        self.begin()
        #expect(self.request("tools/list", id: .text("1")).count == 1)
        #expect(self.code(self.request("tools/list", id: .text("1"))) == -32600)
        #expect(self.code(self.request("tools/list", id: .integer(1))) == nil)
        _ = self.machine.handle(.finished(.text("1"), .success(.tools([]))))
        #expect(self.request("tools/list", id: .text("1")).count == 1)
    }

    @Test("A cancelled request is not answered; a wrong or late cancellation changes nothing")
    mutating func cancellation() {
        self.begin()
        _ = self.request("tools/list", id: .integer(9))
        let cancel = MCPMessage.notification(method: "notifications/cancelled", params: ["requestId": 9])
        let wrong = MCPMessage.notification(method: "notifications/cancelled", params: ["requestId": "9"])
        #expect(self.machine.handle(.received(wrong)) == [])
        #expect(self.machine.handle(.received(cancel)) == [.cancel(.integer(9))])
        #expect(self.machine.handle(.received(cancel)) == [])
        #expect(self.machine.handle(.finished(.integer(9), .success(.tools([])))) == [])
    }

    @Test("Progress is told to whoever asked for it, and only when it rises")
    mutating func progress() {
        self.begin()
        _ = self.request("tools/call", ["name": "ask", "_meta": ["progressToken": "p"]], id: .integer(2))
        let first = self.machine.handle(.progressed(.integer(2), step: 10, message: "ten"))
        #expect(
            first == [
                .send(
                    [
                        "jsonrpc": "2.0", "method": "notifications/progress",
                        "params": ["progressToken": "p", "progress": 10, "message": "ten"],
                    ],
                    .answer(.integer(2))
                )
            ]
        )
        #expect(self.machine.handle(.progressed(.integer(2), step: 10, message: nil)) == [])
        _ = self.request("tools/call", ["name": "ask"], id: .integer(3))
        #expect(self.machine.handle(.progressed(.integer(3), step: 10, message: nil)) == [])
        #expect(self.machine.handle(.progressed(.integer(4), step: 10, message: nil)) == [])
    }

    @Test("So many requests at once and no more")
    mutating func tooMany() {
        self.begin()
        for number in 0..<MCPServerStateMachine.limit {
            #expect(self.code(self.request("tools/list", id: .integer(Int64(number)))) == nil)
        }
        #expect(self.code(self.request("tools/list", id: .text("more"))) == 429)
        #expect(self.code(self.modern("subscriptions/listen", ["notifications": [:]], id: .text("more"))) == 429)
    }

    @Test("A resource that is not there has the code of each revision")
    mutating func unknownResource() {
        self.begin()
        _ = self.request("resources/read", ["uri": "cherry://x"], id: .integer(1))
        _ = self.modern("resources/read", ["uri": "cherry://x"], id: .integer(2))
        let failure = MCPFailure(code: -32002, message: "There is no such resource.")
        #expect(self.code(self.machine.handle(.finished(.integer(1), .failure(failure)))) == -32002)
        #expect(self.code(self.machine.handle(.finished(.integer(2), .failure(failure)))) == -32602)
    }

    // MARK: Subscriptions

    @Test("A subscription is acknowledged first with what is agreed, told of changes by its id, and ended in order")
    mutating func subscriptions() {
        let filter: JSONValue = [
            "promptsListChanged": true, "toolsListChanged": true, "resourceSubscriptions": ["cherry://x"],
        ]
        let begun = self.modern("subscriptions/listen", ["notifications": filter], id: .integer(4))
        #expect(begun.first == .listen(.integer(4)))
        let acknowledged = self.sent(begun, 1)
        #expect(acknowledged["method"] == "notifications/subscriptions/acknowledged")
        #expect(acknowledged["params"]?["notifications"] == ["promptsListChanged": true])
        let told = self.machine.handle(.changed([.prompts, .resources]))
        #expect(told.count == 1)
        #expect(self.sent(told)["method"] == "notifications/prompts/list_changed")
        #expect(self.sent(told)["params"]?["_meta"] == ["io.modelcontextprotocol/subscriptionId": 4])
        let ended = self.machine.handle(.closing)
        #expect(self.sent(ended)["id"] == 4)
        #expect(self.sent(ended)["result"]?["resultType"] == "complete")
        #expect(self.sent(ended)["result"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == 4)
        #expect(self.request("ping") == [])
    }

    @Test("A client with a handshake is told of changes on its general stream")
    mutating func listChanges() {
        #expect(self.machine.handle(.changed([.prompts])) == [])
        self.begin()
        #expect(
            self.machine.handle(.changed([.prompts])) == [
                .send(["jsonrpc": "2.0", "method": "notifications/prompts/list_changed"], .general)
            ]
        )
    }

    @Test("At the end, what is under way is ended and nothing more is answered")
    mutating func closing() {
        self.begin()
        _ = self.request("tools/list", id: .integer(1))
        #expect(self.machine.handle(.closing) == [.cancel(.integer(1))])
        #expect(self.machine.handle(.finished(.integer(1), .success(.tools([])))) == [])
    }

    @Test("Bytes that are no message are answered without ending anything")
    mutating func unreadable() throws {
        self.begin()
        do {
            _ = try MCPMessage(reading: Array("{".utf8))
        } catch {
            let actions = self.machine.handle(.unreadable(error))
            #expect(self.code(actions) == -32700)
            #expect(actions.allSatisfy { if case .send(_, .refusal) = $0 { true } else { false } })
        }
        #expect(self.request("tools/list").count == 1)
        #expect(self.machine.handle(.received(.result(id: .integer(1), [:]))) == [])
    }
}
