import CherryCore
import CherryNet
import CherryTesting
import Foundation
import Synchronization
import Testing

@testable import CherryBridge

/// A server in a few lines of shell: answers in order with what it was given, and keeps what it was asked.
private struct ShellServer {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cherry-mcp-\(UUID().uuidString)")
    let channel: MCPStdioChannel

    /// - Parameter script: what the server does; `$1` is a folder for its notes.
    init(_ script: String, environment: [String: String] = [:]) throws {
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        self.channel = MCPStdioChannel(
            .init(
                program: "/bin/sh",
                arguments: ["-c", script, "sh", self.folder.path],
                environment: environment
            )
        )
    }

    /// A client that waits for the server, which answers in order whatever it is asked, however long it takes.
    var client: MCPClient {
        MCPClient(self.channel, version: "1", patience: .seconds(600), probePatience: .seconds(600))
    }

    func note(_ name: String) throws -> String {
        try String(contentsOf: self.folder.appending(path: name), encoding: .utf8)
    }

    func remove() { try? FileManager.default.removeItem(at: self.folder) }

    static let discover = #"""
        IFS= read -r line
        echo 'not a message'
        printf '%s\n' '{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private"}}'

        """#
}

@Suite("A client of tool servers")
struct MCPClientTests {
    private static func with<Value: Sendable>(
        _ client: MCPClient,
        _ body: @escaping @Sendable (MCPClient) async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                await client.run()
                return nil
            }
            group.addTask { try await body(client) }
            while let value = try await group.next() {
                guard let value else { continue }
                group.cancelAll()
                return value
            }
            throw CancellationError()
        }
    }

    @Test("Tools are listed page by page and called; what is no message is passed over")
    func stdio() async throws {
        let server = try ShellServer(
            ShellServer.discover + #"""
                IFS= read -r line; printf '%s\n' "$line" > "$1/list"
                echo '{"jsonrpc":"2.0","id":2,"result":{"resultType":"complete","tools":[{"name":"a","description":"A","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}},{"name":"bad"}],"nextCursor":"n"}}'
                IFS= read -r line
                echo '{"jsonrpc":"2.0","id":3,"result":{"resultType":"complete","tools":[{"name":"b","inputSchema":{"type":"object"}},{"name":"a","inputSchema":{"type":"object"}}]}}'
                IFS= read -r line; printf '%s\n' "$line" > "$1/call"
                echo "noise for nobody" >&2
                env > "$1/environment"
                echo '{"jsonrpc":"2.0","id":4,"result":{"resultType":"complete","content":[{"type":"text","text":"one"},{"type":"image","data":"AA==","mimeType":"image/png"}],"isError":true}}'
                cat > /dev/null
                """#,
            environment: ["ONLY": "this"]
        )
        defer { server.remove() }
        try await Self.with(server.client) { client in
            let tools = try await client.tools()
            #expect(tools.map(\.name) == ["a", "b"])
            #expect(tools.map(\.isReadOnly) == [true, false])
            let answer = try await client.call(tools[0], ["x": 1])
            #expect(answer.text == "one\n[image image/png, not shown]")
            #expect(answer.isError)
        }
        let call = try JSONValue(parsing: server.note("call"))
        #expect(call["method"] == "tools/call")
        #expect(call["params"]?["arguments"] == ["x": 1])
        // The shell itself adds a few.
        let names = try server.note("environment").split(separator: "\n").compactMap { $0.split(separator: "=").first }
        #expect(Set(names).isSubset(of: ["ONLY", "PWD", "_", "SHLVL", "OLDPWD"]))
        #expect(names.contains("ONLY"))
    }

    @Test("A server that ends before it answers is a clear failure, and so is one that cannot be started")
    func ends() async throws {
        let server = try ShellServer(ShellServer.discover + "IFS= read -r line; exit 3")
        defer { server.remove() }
        let error = await #expect(throws: BridgeError.self) {
            try await Self.with(server.client) { try await $0.tools() }
        }
        #expect(error?.code == .cutOff)
        let missing = MCPStdioChannel(.init(program: "no-such-program-here", arguments: [], environment: [:]))
        let other = await #expect(throws: BridgeError.self) {
            try await Self.with(MCPClient(missing, version: "1")) { try await $0.tools() }
        }
        #expect(other?.code == .unreachable)
    }

    @Test("A call that takes too long is ended, the server is told, and what follows still works")
    func timesOut() async throws {
        let server = try ShellServer(
            ShellServer.discover + #"""
                IFS= read -r line
                IFS= read -r line; printf '%s\n' "$line" > "$1/cancelled"
                IFS= read -r line
                echo '{"jsonrpc":"2.0","id":2,"result":{"resultType":"complete","content":[]}}'
                echo '{"jsonrpc":"2.0","id":3,"result":{"resultType":"complete","content":[{"type":"text","text":"late"}]}}'
                cat > /dev/null
                """#
        )
        defer { server.remove() }
        let tool = try Self.tool()
        try await Self.with(server.client) { client in
            _ = try await client.peer()
            let error = await #expect(throws: BridgeError.self) {
                try await client.call(tool, [:], patience: .milliseconds(1))
            }
            #expect(error?.code == .timedOut)
            #expect(try await client.call(tool, [:]).text == "late")
        }
        let cancelled = try JSONValue(parsing: server.note("cancelled"))
        #expect(cancelled["method"] == "notifications/cancelled")
        #expect(cancelled["params"]?["requestId"] == 2)
    }

    @Test("What a server has started ends with it", .timeLimit(.minutes(10)))
    func processGroup() async throws {
        let server = try ShellServer(
            #"""
            sleep 1000 &
            echo $! > "$1/child"

            """# + ShellServer.discover + "cat > /dev/null"
        )
        defer { server.remove() }
        try await Self.with(server.client) { client in _ = try await client.peer() }
        let child = try #require(Int32(server.note("child").trimmingCharacters(in: .whitespacesAndNewlines)))
        // Signalled before `run` returned; the system may take a moment to bury it.
        while let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8), !state.contains(") Z") {
            await Task.yield()
        }
    }

    private static func tool(_ input: JSONValue = ["type": "object"]) throws -> MCPRemoteTool {
        try #require(MCPRemoteTool(["name": "a", "inputSchema": input], hasHeaders: false))
    }
}

@Suite("Arguments of tools that travel in headers")
struct MCPParameterHeadersTests {
    @Test(
        "A schema that marks what cannot travel makes its tool unusable over HTTP, and over nothing else",
        arguments: [
            ["type": "object", "x-mcp-header": "Root", "properties": [:]],
            ["type": "object", "properties": ["a": ["type": "number", "x-mcp-header": "A"]]],
            ["type": "object", "properties": ["a": ["type": "string", "x-mcp-header": ""]]],
            ["type": "object", "properties": ["a": ["type": "string", "x-mcp-header": "A B"]]],
            ["type": "object", "properties": ["a": ["type": "string", "x-mcp-header": 5]]],
            [
                "type": "object",
                "properties": [
                    "a": ["type": "string", "x-mcp-header": "Same"], "b": ["type": "string", "x-mcp-header": "same"],
                ],
            ],
            [
                "type": "object",
                "properties": ["a": ["type": "array", "items": ["type": "string", "x-mcp-header": "A"]]],
            ],
            ["type": "object", "oneOf": [["properties": ["a": ["type": "string", "x-mcp-header": "A"]]]]],
        ] as [JSONValue]
    )
    func invalid(schema: JSONValue) {
        let tool: JSONValue = ["name": "a", "inputSchema": schema]
        #expect(MCPRemoteTool(tool, hasHeaders: true) == nil)
        #expect(MCPRemoteTool(tool, hasHeaders: false) != nil)
    }

    @Test("Marked arguments are told in headers, encoded where they must be, and left out when they are not there")
    func headers() throws {
        let schema: JSONValue = [
            "type": "object",
            "properties": [
                "region": ["type": "string", "x-mcp-header": "Region"],
                "deep": ["type": "object", "properties": ["n": ["type": "integer", "x-mcp-header": "N"]]],
                "flag": ["type": "boolean", "x-mcp-header": "Flag"], "other": ["type": "string"],
                "example": ["type": "object", "default": ["x-mcp-header": "is data here"]],
            ],
        ]
        let headers = try #require(MCPParameterHeaders(schema))
        let told = headers.headers(for: ["region": "größe", "deep": ["n": 42], "flag": true, "other": "x"])
        #expect(told.map(\.name) == ["Mcp-Param-Region", "Mcp-Param-N", "Mcp-Param-Flag"])
        #expect(told.map(\.value) == ["=?base64?Z3LDtsOfZQ==?=", "42", "true"])
        #expect(headers.headers(for: ["region": .null, "deep": 5]).isEmpty)
    }
}

@Suite("Lines of messages")
struct MCPLineSplitterTests {
    @Test("Lines are cut the same wherever the bytes are")
    func split() {
        let bytes = Array("{\"a\":1}\n\r\n\n{\"ä\":2}\r\nrest".utf8)
        for place in bytes.indices {
            var splitter = MCPLineSplitter(limit: 100)
            let pieces = splitter.feed(bytes[..<place]) + splitter.feed(bytes[place...])
            #expect(pieces == [.line(Array("{\"a\":1}".utf8)), .line(Array("{\"ä\":2}".utf8))])
        }
    }

    @Test("A line that is too long is told once, and the next one is read")
    func tooLong() {
        var splitter = MCPLineSplitter(limit: 4)
        #expect(splitter.feed(Array("123456789\nabc\n".utf8)) == [.tooLong, .line(Array("abc".utf8))])
    }
}
