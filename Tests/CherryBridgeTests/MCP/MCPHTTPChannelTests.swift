import CherryCore
import CherryNet
import CherryTesting
import Foundation
import Synchronization
import Testing

@testable import CherryBridge

@Suite("A tool server over HTTP")
struct MCPHTTPChannelTests {
    private static func json(_ text: String, _ headers: [String: String] = [:]) -> [ScriptedHTTPServer.Step] {
        [.whole(200, text, headers: headers), .keepAlive]
    }

    private static func makeChannel(_ server: ScriptedHTTPServer, token: String? = "secret") -> MCPHTTPChannel {
        MCPHTTPChannel(
            url: "http://127.0.0.1:\(server.port)/mcp",
            token: token.map { Secret($0) },
            transport: HTTPTransport(),
            reach: .anywhere,
            patience: .seconds(600)
        )
    }

    private static func method(_ request: ScriptedHTTPServer.Request) -> String {
        (try? JSONValue(parsing: request.body))?["method"]?.string ?? request.method
    }

    private static func with<Value: Sendable>(
        _ channel: MCPHTTPChannel,
        _ body: @escaping @Sendable (MCPClient) async throws -> Value
    ) async throws -> Value {
        let client = MCPClient(channel, version: "1", probePatience: .seconds(600))
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                await client.run()
                return nil
            }
            group.addTask { try await body(client) }
            while let value = try await group.next() {
                guard let value else { continue }
                await channel.endSession()
                group.cancelAll()
                return value
            }
            throw CancellationError()
        }
    }

    @Test("Requests that stand alone repeat in headers what their body says")
    func newer() async throws {
        let server = try await ScriptedHTTPServer { request in
            switch Self.method(request) {
            case "server/discover":
                Self.json(
                    #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private"}}"#
                )
            case "tools/list":
                Self.json(
                    #"{"jsonrpc":"2.0","id":2,"result":{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{"name":"größe","inputSchema":{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}}}]}}"#
                )
            default:
                [
                    .eventStream,
                    .event(
                        #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":3,"progress":1}}"#
                    ),
                    .event(
                        #"{"jsonrpc":"2.0","id":3,"result":{"resultType":"complete","content":[{"type":"text","text":"done"}]}}"#
                    ),
                ]
            }
        }
        let answer = try await Self.with(Self.makeChannel(server)) { client in
            let tool = try #require(try await client.tools().first)
            return try await client.call(tool, ["a": "x"])
        }
        #expect(answer.text == "done")
        let requests = server.requests
        #expect(requests.map(Self.method) == ["server/discover", "tools/list", "tools/call"])
        for request in requests {
            #expect(request.header("MCP-Protocol-Version") == "2026-07-28")
            #expect(request.header("Mcp-Method") == Self.method(request))
            #expect(request.header("Authorization") == "Bearer secret")
            #expect(request.header("Accept") == "application/json, text/event-stream")
            #expect(request.header("Mcp-Session-Id") == nil)
        }
        #expect(requests[2].header("Mcp-Name") == "=?base64?Z3LDtsOfZQ==?=")
        #expect(requests[2].header("Mcp-Param-A") == "x")
    }

    @Test(
        "An older server is begun with, and its session is named in all that follows and ended",
        arguments: [400, 404, 500]
    )
    func older(status: Int) async throws {
        let server = try await ScriptedHTTPServer { request in
            switch Self.method(request) {
            case "initialize":
                Self.json(
                    #"{"jsonrpc":"2.0","id":2,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"o","version":"1"}}}"#,
                    ["Mcp-Session-Id": "s-1"]
                )
            case "notifications/initialized": [.head(202, ["Content-Length": "0"])]
            case "tools/list": Self.json(#"{"jsonrpc":"2.0","id":3,"result":{"tools":[]}}"#)
            case "GET": [.head(405, ["Content-Length": "0"])]
            case "DELETE": [.head(204)]
            default: [.head(status, ["Content-Length": "3"]), .text("no.")]
            }
        }
        #expect(try await Self.with(Self.makeChannel(server)) { try await $0.tools() }.isEmpty)
        for request in server.requests where !["server/discover", "initialize"].contains(Self.method(request)) {
            #expect(request.header("Mcp-Session-Id") == "s-1", "\(Self.method(request))")
            #expect(request.header("MCP-Protocol-Version") == "2025-06-18")
        }
        #expect(server.requests.map(Self.method).contains("DELETE"))
    }

    @Test("A stream that breaks in a session is taken up again after the last event")
    func resumption() async throws {
        let server = try await ScriptedHTTPServer { request in
            switch Self.method(request) {
            case "initialize":
                Self.json(
                    #"{"jsonrpc":"2.0","id":2,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"o","version":"1"}}}"#
                )
            case "notifications/initialized": [.head(202, ["Content-Length": "0"])]
            case "tools/call": [.eventStream, .text("id: 1-0\ndata:\n\n")]
            case "GET" where request.header("Last-Event-ID") == "1-0":
                [
                    .eventStream,
                    .event(#"{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"after all"}]}}"#),
                ]
            case "GET": [.head(405, ["Content-Length": "0"])]
            default: [.head(404, ["Content-Length": "0"])]
            }
        }
        let tool = try #require(MCPRemoteTool(["name": "a", "inputSchema": ["type": "object"]], hasHeaders: true))
        let answer = try await Self.with(Self.makeChannel(server)) { client in
            _ = try await client.peer()
            return try await client.call(tool, [:])
        }
        #expect(answer.text == "after all")
    }

    @Test(
        "What goes wrong is told by its kind",
        arguments: [
            (401, "unauthorized"), (403, "unauthorized"), (404, "refused"), (503, "refused"),
        ]
    )
    func failures(status: Int, code: String) async throws {
        let server = try await ScriptedHTTPServer { _ in [.head(status, ["Content-Length": "0"])] }
        let error = await #expect(throws: BridgeError.self) {
            try await Self.with(Self.makeChannel(server)) { try await $0.tools() }
        }
        #expect(error?.codeName == code)
    }

    @Test("An answer that is none, and one that never comes, are failures")
    func garbled() async throws {
        let nonsense = try await ScriptedHTTPServer { _ in Self.json("<html>") }
        let error = await #expect(throws: BridgeError.self) {
            try await Self.with(Self.makeChannel(nonsense)) { try await $0.tools() }
        }
        #expect(error?.code == .garbled)
        let silent = try await ScriptedHTTPServer { _ in [.eventStream] }
        let other = await #expect(throws: BridgeError.self) {
            try await Self.with(Self.makeChannel(silent)) { try await $0.tools() }
        }
        #expect(other?.code == .cutOff)
    }
}
