import CherryBridge
import CherryCore

/// A tool server in memory with one tool, which says what it was given.
struct OneTool: MCPChannel {
    var cancelsByClosing: Bool { false }

    func run(_ receive: @escaping @Sendable (MCPMessage) async -> Void) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
        withExtendedLifetime(continuation) {}
    }

    func send(
        _ message: MCPMessage,
        headers: [(name: String, value: String)],
        _ receive: @escaping @Sendable (MCPMessage) async -> Void
    ) async throws {
        guard case .request(let id, let method, let params) = message else { return }
        switch method {
        case "server/discover":
            let server: JSONValue = ["io.modelcontextprotocol/serverInfo": ["name": "one", "version": "1"]]
            await receive(
                .result(
                    id: id,
                    ["supportedVersions": ["2026-07-28"], "capabilities": ["tools": [:]], "_meta": server]
                )
            )
        case "tools/list":
            let tool: JSONValue = [
                "name": "echo", "inputSchema": ["type": "object"], "annotations": ["readOnlyHint": true],
            ]
            await receive(.result(id: id, ["tools": [tool]]))
        default:
            let text = JSONValue.string("echo of " + String(decoding: params["arguments"]?.bytes ?? [], as: UTF8.self))
            await receive(.result(id: id, ["content": [["type": "text", "text": text]]]))
        }
    }
}
