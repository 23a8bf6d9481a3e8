import CherryAssistant
import CherryBridge
import CherryCore
import CherryStore
import CherryTesting
import CherryVault
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing

@testable import CherryAPI

/// Another program that speaks through the bridge.
struct Tool: Sendable {
    let visitor: Visitor
    let token: String
    let record: BridgeToken

    /// Gives a tool a token, without the interface.
    init(_ visitor: Visitor, _ change: (inout BridgeToken) -> Void = { _ in }) async throws {
        let (token, digest, prefix) = TokenDigest.makeToken()
        var record = BridgeToken(name: "editor", digest: digest.hexadecimal, prefix: prefix)
        change(&record)
        try await visitor.stage.store.put(record, basedOn: 0)
        self.visitor = visitor
        self.token = token.exposed
        self.record = record
        try await visitor.stage.tellGateway()
    }

    /// Sends a request as tools do: no cookie, no header of ours.
    func call(
        _ method: HTTPRequest.Method = .post,
        _ path: String,
        _ body: String? = nil,
        headers extra: HTTPFields = [:]
    ) async throws -> Answer {
        var headers: HTTPFields = [.authorization: "Bearer \(self.token)"]
        if body != nil { headers[.contentType] = "application/json" }
        for field in extra { headers[field.name] = field.value.isEmpty ? nil : field.value }
        let buffer = body.map { ByteBuffer(string: $0) }
        return Answer(
            try await self.visitor.client.execute(uri: path, method: method, headers: headers, body: buffer)
        )
    }
}

extension Stage {
    /// Tells the gateway what the test has stored, at once.
    func tellGateway() async throws {
        guard let since = self.vault.state.unlockedSince else { return }
        try await self.feed.load(unlock: since)
    }

    /// Adds a provider that is a server of the test's.
    @discardableResult
    func add(_ server: ScriptedHTTPServer, as name: String, kind: Provider.Kind = .openAI) async throws -> Provider {
        let provider = Provider(name: name, kind: kind, baseURL: server.url + "/v1", defaultModel: "m")
        try await self.store.put(provider, basedOn: 0)
        try await self.tellGateway()
        return provider
    }
}

/// Answers of providers, byte for byte.
enum Script {
    typealias Step = ScriptedHTTPServer.Step

    static let whole =
        #"{"id":"c-1","object":"chat.completion", "model":"real","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5},"odd":1.50}"#

    static let anthropicWhole =
        #"{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":3}}"#

    static let events = [
        #"data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
        #": a comment"#,
        #"data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hel"}}]}"#,
        #"data: {"id":"c","choices":[{"index":0,"delta":{"content":"lo"}}],"odd": 1.50}"#,
        #"data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
    ].map { $0 + "\n\n" }.joined()

    static let usage = #"data: {"id":"c","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}"# + "\n\n"
    static let done = "data: [DONE]\n\n"

    static func delta(_ text: String) -> Step {
        .event(#"{"id":"c","choices":[{"index":0,"delta":{"content":"\#(text)"}}]}"#)
    }

    static func refusal(_ status: Int, _ headers: [String: String] = [:]) -> [Step] {
        [
            .whole(
                status,
                #"{"error":{"message":"scripted"}}"#,
                headers: headers.merging(["Connection": "close"]) { a, _ in a }
            )
        ]
    }
}

/// Scripts that are played in turn, the last one again and again.
final class ScriptQueue: Sendable {
    private let scripts: Mutex<[[ScriptedHTTPServer.Step]]>

    init(_ scripts: [[ScriptedHTTPServer.Step]]) { self.scripts = Mutex(scripts) }

    func next() -> [ScriptedHTTPServer.Step] {
        self.scripts.withLock { scripts in scripts.count > 1 ? scripts.removeFirst() : scripts[0] }
    }
}

extension Tool {
    /// Runs a tool against a server whose provider plays `script`.
    static func with(
        _ script: [ScriptedHTTPServer.Step]...,
        kind: Provider.Kind = .openAI,
        setup: TestingSetup = .router,
        token change: @escaping @Sendable (inout BridgeToken) -> Void = { _ in },
        _ body: @escaping @Sendable (Tool, ScriptedHTTPServer) async throws -> Void
    ) async throws {
        let queue = ScriptQueue(script)
        try await ScriptedHTTPServer.with { _ in
            queue.next()
        } _: { server in
            let stage = try Stage()
            try await stage.runUnlocked(setup) { visitor in
                try await stage.add(server, as: "Acme", kind: kind)
                try await body(try await Tool(visitor, change), server)
            }
        }
    }

    /// What was written down, oldest first.
    func usage() async throws -> [UsageRecord] {
        try await self.visitor.stage.store.list(UsageBlock.self).flatMap(\.value.records)
    }
}
