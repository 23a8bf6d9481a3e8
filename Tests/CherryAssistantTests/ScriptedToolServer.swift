import CherryBridge
import CherryCore
import Synchronization

/// A tool server in memory: offers what it is given and answers calls when the test says so.
final class ScriptedToolServer: MCPChannel {
    private struct State {
        var calls: [(tool: String, arguments: JSONObject)] = []
        var answers: [String] = []
    }

    let tools: [JSONValue]
    private let state = Mutex(State())
    private let called = AsyncStream.makeStream(of: Void.self)
    private let cancellations = AsyncStream.makeStream(of: Void.self)

    init(tools: [JSONValue]) { self.tools = tools }

    static func tool(_ name: String, isReadOnly: Bool = false) -> JSONValue {
        [
            "name": .string(name), "description": .string("Does \(name)"), "inputSchema": ["type": "object"],
            "annotations": ["readOnlyHint": .bool(isReadOnly)],
        ]
    }

    var cancelsByClosing: Bool { false }
    var calls: [(tool: String, arguments: JSONObject)] { self.state.withLock { $0.calls } }

    /// Texts with which the next calls are answered at once; without one a call waits.
    func answer(_ texts: String...) { self.state.withLock { $0.answers += texts } }

    /// Returns when a tool was called.
    func waitForCall() async { for await _ in self.called.stream { return } }

    /// Returns when something was cancelled.
    func waitForCancellation() async { for await _ in self.cancellations.stream { return } }

    func run(_ receive: @escaping @Sendable (MCPMessage) async -> Void) async throws {
        let (stream, _) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
    }

    func send(
        _ message: MCPMessage,
        headers: [(name: String, value: String)],
        _ receive: @escaping @Sendable (MCPMessage) async -> Void
    ) async throws {
        switch message {
        case .request(let id, "server/discover", _):
            await receive(
                .result(id: id, ["supportedVersions": ["2026-07-28"], "capabilities": ["tools": [:]]])
            )
        case .request(let id, "tools/list", _): await receive(.result(id: id, ["tools": .array(self.tools)]))
        case .request(let id, _, let params):
            let answer = self.state.withLock { state in
                state.calls.append((params["name"]?.string ?? "", params["arguments"]?.object ?? [:]))
                return state.answers.isEmpty ? nil : state.answers.removeFirst()
            }
            self.called.continuation.yield()
            guard let answer else { return }
            await receive(.result(id: id, ["content": [["type": "text", "text": .string(answer)]]]))
        case .notification("notifications/cancelled", _): self.cancellations.continuation.yield()
        case .notification, .result, .failure: break
        }
    }
}
