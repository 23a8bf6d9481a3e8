import CherryCore
import CherryNet
import CherryTesting
import Foundation
import Testing

@testable import CherryBridge

@Suite("Dialects over a connection")
struct DialectTransportTests {
    private typealias Step = ScriptedHTTPServer.Step

    private static let request = ChatRequest(model: "a:b/c", messages: [ChatMessage(.user, "Hi")])

    private func play(
        _ dialect: any ProviderDialect,
        query: String = "",
        key: String = "AKID:secret",
        _ steps: [Step]
    ) async throws -> (events: [ChatEvent], error: BridgeError?, request: ScriptedHTTPServer.Request?) {
        let server = try await ScriptedHTTPServer(scripts: steps)
        let provider = HTTPProvider(
            dialect,
            at: ProviderEndpoint(
                baseURL: server.url + query,
                key: Secret(key),
                reach: .anywhere,
                now: { Date(timeIntervalSince1970: 1_440_938_160) }
            ),
            transport: HTTPTransport()
        )
        var events: [ChatEvent] = []
        var failure: BridgeError?
        do {
            try await provider.chat(Self.request) { events.append($0) }
        } catch let error as BridgeError {
            failure = error
        }
        let request = server.requests.first
        await server.shutdown()
        return (events, failure, request)
    }

    @Test("Anthropic")
    func anthropic() async throws {
        let result = try await self.play(
            AnthropicDialect(),
            [
                .eventStream,
                .event(#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hey"}}"#),
                .event(#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}"#),
                .event(#"{"type":"message_stop"}"#), .hang,
            ]
        )
        #expect(result.events == [.text("Hey"), .usage(TokenUsage(prompt: 0, completion: 2)), .finished(.stop)])
        #expect(result.error == nil)
        #expect(result.request?.target == "/messages")
        #expect(result.request?.header("x-api-key") == "AKID:secret")
    }

    @Test("Gemini")
    func gemini() async throws {
        let result = try await self.play(
            GeminiDialect(),
            [
                .eventStream,
                .event(#"{"candidates":[{"content":{"parts":[{"text":"Hey"}]},"finishReason":"STOP"}]}"#),
            ]
        )
        #expect(result.events == [.text("Hey"), .finished(.stop)])
        #expect(result.request?.target == "/models/a%3Ab%2Fc:streamGenerateContent?alt=sse")
    }

    @Test("Ollama")
    func ollama() async throws {
        let result = try await self.play(
            OllamaDialect(),
            [
                .head(200, ["Content-Type": "application/x-ndjson"]),
                .text("{\"message\":{\"content\":\"Hey\"},\"done\":false}\n{\"done\":true,\"done_reason\":\"stop\"}\n"),
                .hang,
            ]
        )
        #expect(result.events == [.text("Hey"), .finished(.stop)])
        #expect(result.request?.target == "/api/chat")
    }

    @Test("Bedrock: binary events arrive, and the signature is of what was sent")
    func bedrock() async throws {
        let messages: [EventStreamMessage] = [
            .event("messageStart", #"{"role":"assistant"}"#),
            .event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"Hey"}}"#),
            .event("messageStop", #"{"stopReason":"end_turn"}"#),
            .event("metadata", #"{"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}"#),
        ]
        let result = try await self.play(
            BedrockDialect(),
            query: "?region=eu-west-1",
            [
                .head(200, ["Content-Type": "application/vnd.amazon.eventstream"]),
                .drip(messages.flatMap(\.bytes)), .hang,
            ]
        )
        #expect(result.events == [.text("Hey"), .usage(TokenUsage(prompt: 1, completion: 2)), .finished(.stop)])
        let request = try #require(result.request)
        #expect(request.target == "/model/a%3Ab%2Fc/converse-stream")
        let signed = AWSSignature(
            credentials: AWSCredentials(accessKeyID: "AKID", secretAccessKey: Secret("secret"), sessionToken: nil),
            region: "eu-west-1",
            service: "bedrock",
            date: Date(timeIntervalSince1970: 1_440_938_160)
        ).headers(
            method: "POST",
            url: "http://\(try #require(request.header("Host")))\(request.target)",
            headers: [("Content-Type", try #require(request.header("Content-Type")))],
            body: Array(request.body)
        )
        for (name, value) in signed { #expect(request.header(name) == value) }
    }

    @Test("A page of a web site is no answer of any", arguments: [0, 1, 2, 3])
    func page(index: Int) async throws {
        let dialects: [any ProviderDialect] = [AnthropicDialect(), GeminiDialect(), OllamaDialect(), BedrockDialect()]
        let page = Step.whole(200, "<html>Welcome</html>", type: "text/html")
        #expect(try await self.play(dialects[index], query: "?region=x", [page]).error?.code == .garbled)
    }
}
