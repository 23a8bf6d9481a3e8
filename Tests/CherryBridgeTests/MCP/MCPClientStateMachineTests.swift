import CherryCore
import Testing

@testable import CherryBridge

@Suite("The client's side of the Model Context Protocol, event by event")
struct MCPClientStateMachineTests {
    private var machine = MCPClientStateMachine(
        client: MCPImplementation(name: "cherry", version: "1"),
        cancelsByClosing: false
    )

    private static let discovered: JSONObject = [
        "resultType": "complete", "supportedVersions": ["2026-07-28", "2025-11-25"], "capabilities": ["tools": [:]],
        "_meta": ["io.modelcontextprotocol/serverInfo": ["name": "other", "version": "9"]],
    ]

    private static func initialized(_ version: String) -> JSONObject {
        [
            "protocolVersion": .string(version), "capabilities": ["tools": [:]],
            "serverInfo": ["name": "other", "version": "9"],
        ]
    }

    private mutating func result(_ id: Int64, _ result: JSONObject) -> [MCPClientStateMachine.Action] {
        self.machine.handle(.received(.result(id: .integer(id), result)))
    }

    private mutating func failure(_ id: Int64, _ code: Int, _ data: JSONValue? = nil) -> [MCPClientStateMachine.Action]
    {
        self.machine.handle(.received(.failure(id: .integer(id), MCPFailure(code: code, message: "no", data: data))))
    }

    private mutating func call(
        _ method: String,
        wantsProgress: Bool = false
    ) throws -> (id: Int64, message: MCPMessage) {
        let call = self.machine.call(method, wantsProgress: wantsProgress)
        return try #require(call)
    }

    private func method(_ actions: [MCPClientStateMachine.Action]) -> String? {
        guard case .send(let message)? = actions.first else { return nil }
        switch message {
        case .request(_, let method, _), .notification(let method, _): return method
        default: return nil
        }
    }

    /// Brings the machine to a ready conversation in an older revision.
    private mutating func beginOlder() {
        _ = self.machine.handle(.start)
        _ = self.failure(1, -32601)
        _ = self.result(2, Self.initialized("2025-11-25"))
    }

    private mutating func beginNewer() {
        _ = self.machine.handle(.start)
        _ = self.result(1, Self.discovered)
    }

    @Test("A server that takes requests that stand alone is asked so, each with what the client is")
    mutating func newer() throws {
        let first = self.machine.handle(.start)
        #expect(self.method(first) == "server/discover")
        let peer = MCPClientStateMachine.Peer(
            version: .july2026,
            server: MCPImplementation(name: "other", version: "9"),
            hasTools: true
        )
        #expect(self.result(1, Self.discovered) == [.connected(peer)])
        let call = try self.call("tools/list")
        let json = call.message.json(.july2026)
        let meta = json["params"]?["_meta"]
        #expect(meta?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
        #expect(meta?["io.modelcontextprotocol/clientCapabilities"] == [:])
        #expect(meta?["io.modelcontextprotocol/clientInfo"]?["name"] == "cherry")
        #expect(self.machine.handle(.start) == [])
    }

    @Test(
        "Any other answer to the first question, or none, means an older server",
        arguments: [-32601, -32602, -32600, -32000, 404]
    )
    mutating func older(code: Int) throws {
        _ = self.machine.handle(.start)
        let second = self.failure(1, code)
        #expect(self.method(second) == "initialize")
        let actions = self.result(2, Self.initialized("2025-06-18"))
        #expect(self.method(actions) == "notifications/initialized")
        #expect(self.machine.version == .june2025)
        let call = try self.call("tools/list")
        #expect(call.message.json(.june2025)["params"] == nil)
    }

    @Test("A silent server is taken for an older one, and its late answer for nothing")
    mutating func silence() {
        _ = self.machine.handle(.start)
        #expect(self.method(self.machine.handle(.probeTimedOut)) == "initialize")
        #expect(self.machine.handle(.probeTimedOut) == [])
        #expect(self.result(1, Self.discovered) == [])
        _ = self.result(2, Self.initialized("2025-11-25"))
        #expect(self.machine.version == .november2025)
    }

    @Test("A server that was only slow to start is spoken with as its late answer says, when it refuses to begin")
    mutating func slow() {
        _ = self.machine.handle(.start)
        _ = self.machine.handle(.probeTimedOut)
        #expect(self.result(1, Self.discovered) == [])
        #expect(self.machine.version == nil)
        let actions = self.failure(2, -32601)
        guard case .connected(let peer)? = actions.first else {
            Issue.record("not connected")
            return
        }
        #expect(peer.hasTools && self.machine.version == .july2026)
        var other = MCPClientStateMachine(client: MCPImplementation(name: "c", version: "1"), cancelsByClosing: false)
        _ = other.handle(.start)
        _ = other.handle(.probeTimedOut)
        _ = other.handle(.received(.failure(id: .integer(1), MCPFailure(code: -32601, message: "no"))))
        let refused = other.handle(.received(.failure(id: .integer(2), MCPFailure(code: -32601, message: "no"))))
        guard case .refused? = refused.first else {
            Issue.record("not refused")
            return
        }
    }

    @Test("Revisions that are not spoken end the conversation, before and after initialize")
    mutating func unsupported() {
        _ = self.machine.handle(.start)
        let refused = self.failure(1, -32022, ["supported": ["2027-01-01"], "requested": "2026-07-28"])
        guard case .refused(let failure)? = refused.first else {
            Issue.record("not refused")
            return
        }
        #expect(failure.code == -32022)
        #expect(self.machine.call("tools/list") == nil)
        var other = MCPClientStateMachine(client: MCPImplementation(name: "c", version: "1"), cancelsByClosing: false)
        _ = other.handle(.start)
        let named = MCPFailure(code: -32022, message: "no", data: ["supported": ["2025-06-18"]])
        let again = other.handle(.received(.failure(id: .integer(1), named)))
        #expect(again.count == 1)
        let answer = other.handle(.received(.result(id: .integer(2), Self.initialized("2024-11-05"))))
        guard case .refused? = answer.first else {
            Issue.record("not refused")
            return
        }
    }

    @Test("A server that lists only older revisions is asked to begin")
    mutating func discoverOnly() {
        _ = self.machine.handle(.start)
        var result = Self.discovered
        result["supportedVersions"] = ["2025-11-25"]
        #expect(self.method(self.result(1, result)) == "initialize")
    }

    @Test("Answers find their questions, once")
    mutating func answers() throws {
        self.beginNewer()
        let first = try self.call("tools/list").id
        let second = try self.call("tools/list").id
        #expect(first != second)
        #expect(
            self.result(second, ["resultType": "complete"]) == [.answer(second, .success(["resultType": "complete"]))]
        )
        #expect(self.result(second, [:]) == [])
        #expect(self.result(99, [:]) == [])
        #expect(self.machine.handle(.received(.result(id: .text("\(first)"), [:]))) == [])
        #expect(self.failure(first, -32602).count == 1)
    }

    @Test("A result that wants more input, or is of a kind that is not known, is a failure")
    mutating func resultTypes() throws {
        self.beginNewer()
        for type in ["input_required", "task"] {
            let id = try self.call("tools/call").id
            guard case .answer(id, .failure)? = self.result(id, ["resultType": .string(type)]).first else {
                Issue.record("\(type) is no failure")
                continue
            }
        }
    }

    @Test("What nobody waits for any more is cancelled in the way of the transport")
    mutating func cancellation() throws {
        self.beginOlder()
        let id = try self.call("tools/call").id
        let cancelled = self.machine.handle(.abandoned(id))
        #expect(self.method(cancelled) == "notifications/cancelled")
        #expect(self.machine.handle(.abandoned(id)) == [])
        #expect(self.result(id, [:]) == [])

        var http = MCPClientStateMachine(client: MCPImplementation(name: "c", version: "1"), cancelsByClosing: true)
        _ = http.handle(.start)
        _ = http.handle(.received(.result(id: .integer(1), Self.discovered)))
        let known = http.call("tools/call")
        let other = try #require(known).id
        #expect(http.handle(.abandoned(other)) == [])
    }

    @Test("The server's own questions are refused, except whether anybody is there")
    mutating func serverRequests() {
        self.beginOlder()
        let ping = self.machine.handle(.received(.request(id: .text("p"), method: "ping", params: [:])))
        #expect(ping == [.send(.result(id: .text("p"), [:]))])
        for method in ["sampling/createMessage", "roots/list", "elicitation/create"] {
            let actions = self.machine.handle(.received(.request(id: .integer(5), method: method, params: [:])))
            guard case .send(.failure(.integer(5)?, let failure))? = actions.first else {
                Issue.record("\(method) is not refused")
                continue
            }
            #expect(failure.code == -32601)
        }
    }

    @Test("Progress and changed tools are heard; other notifications are not")
    mutating func notifications() throws {
        self.beginOlder()
        let id = try self.call("tools/call", wantsProgress: true).id
        func progress(_ token: JSONValue) -> MCPMessage {
            .notification(method: "notifications/progress", params: ["progressToken": token, "progress": 1])
        }
        #expect(self.machine.handle(.received(progress(.integer(id)))) == [.progress(id)])
        #expect(self.machine.handle(.received(progress(99))) == [])
        let changed = MCPMessage.notification(method: "notifications/tools/list_changed", params: [:])
        #expect(self.machine.handle(.received(changed)) == [.toolsChanged])
        #expect(self.machine.handle(.received(.notification(method: "notifications/message", params: [:]))) == [])
    }

    @Test("The end of the connection ends every question")
    mutating func closed() throws {
        self.beginNewer()
        let id = try self.call("tools/call").id
        #expect(self.machine.handle(.closed) == [.lost(id)])
        #expect(self.machine.call("tools/call") == nil)
        var early = MCPClientStateMachine(client: MCPImplementation(name: "c", version: "1"), cancelsByClosing: false)
        _ = early.handle(.start)
        guard case .refused? = early.handle(.closed).first else {
            Issue.record("nobody is told")
            return
        }
    }
}
