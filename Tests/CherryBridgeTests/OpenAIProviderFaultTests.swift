import CherryBridge
import CherryCore
import CherryNet
import CherryTesting
import Testing

@Suite("OpenAI-compatible provider: what servers do wrong")
struct OpenAIProviderFaultTests {
    private typealias Step = ScriptedHTTPServer.Step
    private static let answer =
        #"{"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#

    @Test("A server that does not stream is understood")
    func notStreamed() async throws {
        let result = try await OpenAIProviderTests.play([.whole(200, Self.answer)])
        #expect(result.error == nil)
        #expect(result.events == [.text("whole"), .usage(TokenUsage(prompt: 1, completion: 2)), .finished(.stop)])
    }

    @Test("A stream under another type is read, and what is no stream is garbled")
    func otherTypes() async throws {
        let stream = [OpenAIProviderTests.delta("a", finish: "stop")]
        for head in [Step.head(200), .head(200, ["Content-Type": "text/plain"])] {
            #expect(try await OpenAIProviderTests.play([head] + stream).events == [.text("a"), .finished(.stop)])
        }
        let text = try await OpenAIProviderTests.play([.whole(200, "Welcome to our site", type: "text/plain")])
        #expect(text.error?.code == .garbled)
        #expect(text.error?.hint?.contains("/v1") == true)
        #expect(try await OpenAIProviderTests.play([.whole(200, "{}")]).error?.code == .garbled)
    }

    @Test("A redirect is refused with a hint")
    func redirect() async throws {
        let result = try await OpenAIProviderTests.play([.head(301, ["Location": "https://example.com/v1"])])
        #expect(result.error?.code == .refused)
        #expect(result.error?.message.contains("301") == true)
        #expect(result.requests.count == 1)
    }

    @Test("A page in place of an error is a wrong address")
    func missingPage() async throws {
        let result = try await OpenAIProviderTests.play([.whole(404, "<html>No</html>", type: "text/html")])
        #expect(result.error?.code == .garbled)
        #expect(result.error?.hint?.contains("/v1") == true)
    }

    @Test("A refusal whose body breaks off or never ends is still that refusal")
    func brokenRefusal() async throws {
        let broken = try await OpenAIProviderTests.play([.head(401, ["Content-Length": "99"]), .text("{"), .reset])
        #expect(broken.error?.code == .unauthorized)
        let hanging = try await OpenAIProviderTests.play(
            limits: OpenAIProviderTests.impatientGap,
            [.head(500), .text("{"), .hang]
        )
        #expect(hanging.error?.code == .overloaded)
        let endless = [Step](repeating: .bytes(.init(repeating: 65, count: 65_536)), count: 64)
        #expect(try await OpenAIProviderTests.play([.head(403)] + endless + [.hang]).error?.code == .unauthorized)
    }

    @Test("A connection that breaks before any answer was never made")
    func brokenBefore() async throws {
        for steps in [[Step](), [.reset]] {
            #expect(try await OpenAIProviderTests.play(steps).error?.code == .unreachable)
        }
    }

    @Test("Ten megabytes in one event arrive whole")
    func largeEvent() async throws {
        let text = String(repeating: "x", count: 10 << 20)
        let result = try await OpenAIProviderTests.play([.eventStream, OpenAIProviderTests.delta(text, finish: "stop")])
        #expect(result.error == nil)
        #expect(result.events.first == .text(text))
    }

    @Test("A wait without end is no reason to fall over", arguments: ["inf", "nan", "1e400", "-1", ""])
    func oddRetryAfter(value: String) async throws {
        let result = try await OpenAIProviderTests.play([.whole(429, "{}", headers: ["Retry-After": value])])
        #expect(result.error?.code == .rateLimited)
    }

    @Test("A provider that repeats the user's words is not quoted")
    func echo() async throws {
        let body = #"{"error":{"message":"Invalid message: 'Be brief.'"}}"#
        let result = try await OpenAIProviderTests.play([.whole(400, body)])
        #expect(result.error?.code == .refused)
        #expect(result.error?.message.contains("brief") == false)
    }

    @Test("A query in the address stays behind the path")
    func query() async throws {
        try await ScriptedHTTPServer.with({ _ in [.whole(200, #"[{"id":"a","context_window":5}]"#)] }) { server in
            let transport = HTTPTransport()
            let provider = HTTPProvider.openAI(
                baseURL: " \(server.url)/v1//?api-version=2 ",
                apiKey: nil,
                reach: .anywhere,
                transport: transport
            )
            let models = try await provider.models()
            #expect(models == [ModelDescription(id: "a", contextLength: 5)])
            #expect(server.requests.map(\.target) == ["/v1/models?api-version=2"])
            #expect(server.requests.first?.header("Authorization") == nil)
            await transport.shutdown()
        }
    }
}
