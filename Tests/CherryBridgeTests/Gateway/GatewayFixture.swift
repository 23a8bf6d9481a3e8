import CherryBridge
import CherryCache
import CherryCore
import CherryNet
import CherryTesting
import Foundation
import Synchronization
import Testing

/// A gateway whose chance, pauses and time of day are the test's, and what it wrote down.
final class GatewayFixture: Sendable {
    struct Notes {
        var usage: [UsageRecord] = []
        var pauses: [Duration] = []
        var now = Timestamp(utcDay: 20_781)
        var uptime = Duration.seconds(1000)
    }

    let notes = Mutex(Notes())
    let cache = InProcessCache(capacity: 1 << 20)
    let gateway: Gateway

    init() {
        // Filled in below: the closures need the object and the gateway needs the closures.
        let link = Link()
        self.gateway = Gateway(
            .init(
                cache: self.cache,
                clock: WallClock { link.fixture?.notes.withLock { $0.now } ?? Timestamp(milliseconds: 0) },
                uptime: { link.fixture?.notes.withLock { $0.uptime } ?? .zero },
                sleep: { pause in
                    link.fixture?.notes.withLock {
                        $0.pauses.append(pause)
                        $0.uptime += pause
                    }
                    try Task.checkCancellation()
                },
                random: { 0 },
                record: { usage in link.fixture?.notes.withLock { $0.usage.append(usage) } }
            )
        )
        link.set(self)
    }

    private final class Link: Sendable {
        private struct Reference { weak var fixture: GatewayFixture? }
        private let reference = Mutex(Reference())
        var fixture: GatewayFixture? { self.reference.withLock { $0.fixture } }
        func set(_ fixture: GatewayFixture) { self.reference.withLock { $0.fixture = fixture } }
    }

    var usage: [UsageRecord] { self.notes.withLock { $0.usage } }
    var pauses: [Duration] { self.notes.withLock { $0.pauses } }

    /// A provider at an address, by its name.
    static func member(
        _ name: String,
        at url: String,
        kind: Provider.Kind = .openAI,
        model: String? = "m"
    ) -> GatewayCatalogue.Member {
        let record = Provider(name: name, kind: kind, baseURL: url + "/v1", defaultModel: model)
        return GatewayCatalogue.Member(record, provider: HTTPProvider(record, key: nil, transport: HTTPTransport()))
    }

    /// An alias over the default models of members, in order.
    static func alias(
        _ name: String,
        _ members: [GatewayCatalogue.Member],
        _ change: (inout ModelAlias) -> Void = { _ in }
    ) -> ModelAlias {
        var alias = ModelAlias(
            name: name,
            targets: members.map { .init(model: ModelReference(providerID: $0.id, model: $0.defaultModel ?? "m")) },
            retries: 0
        )
        change(&alias)
        return alias
    }

    static func token(_ change: (inout BridgeToken) -> Void = { _ in }) -> (text: String, token: BridgeToken) {
        let (text, digest, prefix) = TokenDigest.makeToken()
        var token = BridgeToken(name: "tool", digest: digest.hexadecimal, prefix: prefix)
        change(&token)
        return (text.exposed, token)
    }

    /// Asks for `model` and returns what came, whole.
    func text(
        _ model: String,
        for caller: GatewayCaller = .product,
        streamed: Bool = true,
        _ change: (inout ChatRequest) -> Void = { _ in }
    ) async throws -> String {
        var request = ChatRequest(model: model, messages: [ChatMessage(.user, "Tell me.")], isStreamed: streamed)
        change(&request)
        var text = ""
        try await self.gateway.chat(request, for: caller) { if case .text(let piece) = $0 { text += piece } }
        return text
    }
}

/// Answers of the Chat Completions API.
enum ChatScript {
    typealias Step = ScriptedHTTPServer.Step

    static func delta(_ text: String) -> Step {
        .event(#"{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":\#(JSONValue.string(text).text)}}]}"#)
    }

    static let begin = Step.event(#"{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#)
    static let stop = Step.event(#"{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#)
    static let done = Step.event("[DONE]")

    static func usage(_ prompt: Int, _ completion: Int) -> Step {
        .event(
            #"{"id":"c","choices":[],"usage":{"prompt_tokens":\#(prompt),"completion_tokens":\#(completion)}}"#
        )
    }

    /// A whole stream.
    static func stream(_ texts: String..., usage: (Int, Int)? = (10, 5)) -> [Step] {
        [.eventStream, Self.begin] + texts.map(Self.delta) + [Self.stop]
            + (usage.map { [Self.usage($0.0, $0.1)] } ?? []) + [Self.done]
    }

    static func refusal(_ status: Int, headers: [String: String] = [:]) -> [Step] {
        let headers = headers.merging(["Connection": "close"]) { given, _ in given }
        return [.whole(status, #"{"error":{"message":"scripted"}}"#, headers: headers)]
    }
}
