import CherryBridge
import CherryCore
import CherryNet
import CherryTesting
import Testing

@Suite("OpenAI-compatible provider")
struct OpenAIProviderTests {
    typealias Step = ScriptedHTTPServer.Step

    static let key = "sk-very-secret-key"
    static let request = ChatRequest(
        model: "m",
        messages: [ChatMessage(.system, "Be brief."), ChatMessage(.user, "Hi")],
        temperature: 0.5
    )

    static func delta(_ text: String, finish: String? = nil) -> Step {
        .event(
            #"{"choices":[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":\#(finish.map { "\"\($0)\"" } ?? "null")}]}"#
        )
    }

    static let usage = Step.event(#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}"#)
    static let done = Step.event("[DONE]")

    /// Only for servers that stay silent: others may be slow on a busy machine.
    static let impatientStart = HTTPTransport.Limits(firstByte: .milliseconds(300))
    static let impatientGap = HTTPTransport.Limits(gap: .milliseconds(300))

    static func provider(
        _ server: ScriptedHTTPServer,
        limits: HTTPTransport.Limits = HTTPTransport.Limits()
    ) -> HTTPProvider {
        HTTPProvider.openAI(
            baseURL: server.url + "/v1/",
            apiKey: Secret(Self.key),
            reach: .anywhere,
            transport: HTTPTransport(configuration: .init(limits: limits))
        )
    }

    /// Plays `steps` and returns what arrived and how it ended.
    static func play(
        limits: HTTPTransport.Limits = HTTPTransport.Limits(),
        _ steps: [Step]...
    ) async throws -> (
        events: [ChatEvent], error: BridgeError?, requests: [ScriptedHTTPServer.Request]
    ) {
        let server: ScriptedHTTPServer
        switch steps.count {
        case 1: server = try await ScriptedHTTPServer(scripts: steps[0])
        default: server = try await ScriptedHTTPServer(scripts: steps[0], steps[1])
        }
        var events: [ChatEvent] = []
        var failure: BridgeError?
        do {
            try await Self.provider(server, limits: limits).chat(Self.request) { events.append($0) }
        } catch let error as BridgeError {
            failure = error
        }
        let requests = server.requests
        await server.shutdown()
        return (events, failure, requests)
    }

    @Test("Text, usage and the end arrive in order; the request carries key and options")
    func whole() async throws {
        let result = try await Self.play([
            .eventStream, Self.delta("Hel"), Self.delta("lo", finish: "stop"), Self.usage, Self.done,
        ])
        #expect(result.error == nil)
        #expect(
            result.events == [
                .text("Hel"), .text("lo"), .usage(TokenUsage(prompt: 5, completion: 2)), .finished(.stop),
            ]
        )
        let request = try #require(result.requests.first)
        #expect(request.target == "/v1/chat/completions")
        #expect(request.header("Authorization") == "Bearer \(Self.key)")
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(body.contains(#""include_usage":true"#))
        #expect(body.contains(#""temperature":0.5"#))
    }

    @Test(
        "What servers do differently makes no difference",
        arguments: [
            [usage, delta("a"), delta("b", finish: "stop"), done],
            [delta("a"), delta("b", finish: "stop"), usage],
            [delta(""), delta("a"), delta("b"), usage, delta("", finish: "stop"), delta("", finish: "stop"), done],
            [
                .event(#"{"choices":[{"delta":{"role":"assistant","content":null}}]}"#), delta("a"),
                .event(
                    #"{"choices":[{"delta":{"content":[{"type":"text","text":"b"}]},"finish_reason":"stop"}],"x":{"y":[1]}}"#
                ),
                usage, done,
            ],
            [.text(": comment\n\n"), delta("a"), delta("b", finish: "stop"), usage, done, delta("after the end")],
        ]
    )
    func dialects(steps: [Step]) async throws {
        let result = try await Self.play([.eventStream] + steps)
        #expect(result.error == nil)
        #expect(
            result.events == [.text("a"), .text("b"), .usage(TokenUsage(prompt: 5, completion: 2)), .finished(.stop)]
        )
    }

    @Test("Reasoning is kept apart under both of its names, and usage may be missing")
    func reasoning() async throws {
        let result = try await Self.play([
            .eventStream, .event(#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#),
            .event(#"{"choices":[{"delta":{"reasoning":"so"}}]}"#), Self.delta("x", finish: "length"),
        ])
        #expect(result.events == [.reasoning("hm"), .reasoning("so"), .text("x"), .finished(.length)])
    }

    @Test("A stream that comes byte by byte is the same stream")
    func drip() async throws {
        let text = "data: {\"choices\":[{\"delta\":{\"content\":\"Kirsche 🍒\"},\"finish_reason\":\"stop\"}]}\r\n\r\n"
        let result = try await Self.play([.eventStream, .drip(Array(text.utf8))])
        #expect(result.events == [.text("Kirsche 🍒"), .finished(.stop)])
    }

    @Test("A stream that ends or breaks in the middle is cut off, and what had arrived stays")
    func cutOff() async throws {
        for end in [[Step](), [.reset], [Self.done]] {
            let result = try await Self.play([.eventStream, Self.delta("half")] + end)
            #expect(result.events == [.text("half")])
            #expect(result.error?.code == .cutOff)
        }
    }

    @Test("Hanging before and within the answer is timed out")
    func hanging() async throws {
        #expect(try await Self.play(limits: Self.impatientStart, [.hang]).error?.code == .timedOut)
        let within = try await Self.play(limits: Self.impatientGap, [.eventStream, Self.delta("half"), .hang])
        #expect(within.error?.code == .timedOut)
        #expect(within.events == [.text("half")])
    }

    @Test("Nobody listening is unreachable")
    func unreachable() async throws {
        let port = ScriptedHTTPServer.refusingPort
        let provider = HTTPProvider.openAI(
            baseURL: "http://127.0.0.1:\(port)/v1",
            apiKey: nil,
            reach: .anywhere,
            transport: HTTPTransport()
        )
        let error = try await #require(throws: BridgeError.self) { try await provider.chat(Self.request) { _ in } }
        #expect(error.code == .unreachable)
    }

    @Test("Garbage and web pages are called what they are, with a hint at the address")
    func garbage() async throws {
        let page = try await Self.play([.whole(200, "<html>Welcome</html>", type: "text/html")])
        #expect(page.error?.code == .garbled)
        #expect(page.error?.hint?.contains("/v1") == true)
        #expect(try await Self.play([.eventStream, .event("not json")]).error?.code == .garbled)
        #expect(try await Self.play([.text("\u{1}\u{2}nonsense\r\n\r\n")]).error != nil)
    }

    @Test(
        "Refusals become what they mean",
        arguments: [
            (401, #"{"error":{"message":"bad key"}}"#, BridgeError.Code.unauthorized),
            (403, "", .unauthorized), (404, #"{"error":"no such model"}"#, .unknownModel),
            (413, "", .contextTooLong),
            (400, #"{"error":{"message":"too long","code":"context_length_exceeded"}}"#, .contextTooLong),
            (422, #"{"detail":"no"}"#, .refused), (429, "", .rateLimited), (500, "oops", .overloaded),
            (503, #"{"error":{"message":null,"code":7}}"#, .overloaded), (408, "", .timedOut),
        ]
    )
    func refusals(status: Int, body: String, code: BridgeError.Code) async throws {
        let result = try await Self.play([.whole(status, body)])
        #expect(result.error?.code == code)
        #expect(result.events.isEmpty)
    }

    @Test("A limit says when to come back, if the provider does")
    func retryAfter() async throws {
        let told = try await Self.play([.whole(429, "{}", headers: ["Retry-After": "7"])])
        #expect(told.error?.retryAfter == .seconds(7))
        #expect(told.error?.hint?.contains("7 seconds") == true)
        #expect(try await Self.play([.whole(429, "{}")]).error?.retryAfter == nil)
    }

    @Test("An error within the stream ends it")
    func errorInStream() async throws {
        let result = try await Self.play([.eventStream, Self.delta("a"), .event(#"{"error":{"message":"broken"}}"#)])
        #expect(result.events == [.text("a")])
        #expect(result.error?.code == .refused)
    }

    @Test("The provider's words are shown short, on one line and without the key")
    func quoting() async throws {
        let words = "Key \(Self.key) is\\u0007 wrong\\n" + String(repeating: "x", count: 1000)
        let result = try await Self.play([.whole(401, #"{"error":{"message":"\#(words)"}}"#)])
        let message = try #require(result.error?.message)
        #expect(!message.contains(Self.key))
        #expect(message.contains("[key]"))
        #expect(!message.contains("\n"))
        #expect(!message.contains("\u{7}"))
        #expect(message.count < 400)
    }

    @Test("A server that does not know the question about usage is asked without it")
    func withoutUsage() async throws {
        let result = try await Self.play(
            [.whole(400, #"{"error":{"message":"unknown field stream_options"}}"#), .keepAlive],
            [.eventStream, Self.delta("ok", finish: "stop"), Self.done]
        )
        #expect(result.events == [.text("ok"), .finished(.stop)])
        #expect(result.requests.count == 2)
        #expect(!String(decoding: result.requests[1].body, as: UTF8.self).contains("stream_options"))
    }

    @Test("Models and vectors")
    func lists() async throws {
        try await ScriptedHTTPServer.with({ request in
            request.target.hasSuffix("/models")
                ? [
                    .whole(200, #"{"data":[{"id":"a","context_length":8},{"id":"b","max_model_len":9},{"id":"c"}]}"#),
                    .keepAlive,
                ]
                : [.whole(200, #"{"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2]}]}"#), .keepAlive]
        }) { server in
            let provider = Self.provider(server)
            let models = try await provider.models()
            #expect(
                models == [
                    ModelDescription(id: "a", contextLength: 8), ModelDescription(id: "b", contextLength: 9),
                    ModelDescription(id: "c"),
                ]
            )
            let vectors = try await provider.embeddings(for: ["x", "y"], model: "e")
            #expect(vectors == [[1, 2], [3, 4]])
            await #expect(throws: BridgeError.self, "two vectors for three texts") {
                try await provider.embeddings(for: ["x", "y", "z"], model: "e")
            }
            let counts = try await provider.tokenCounts(of: ["x"], model: "m")
            #expect(counts == nil)
        }
    }

    @Test(
        "Cancelling a chat closes the connection within 100 ms, twenty times",
        .enabled(if: TimedTests.isAlone, Comment(rawValue: TimedTests.reason))
    )
    func promptStopOfChat() async throws {
        try await ScriptedHTTPServer.with({ _ in [.eventStream, Self.delta("a"), .hang] }) { server in
            let provider = HTTPProvider.openAI(
                baseURL: server.url,
                apiKey: nil,
                reach: .anywhere,
                transport: HTTPTransport()
            )
            var closings = server.closings.makeAsyncIterator()
            for _ in 1...20 {
                let arrived = Gate()
                let chat = Task { try await provider.chat(Self.request) { _ in arrived.open() } }
                await arrived.wait()
                let asked = ContinuousClock.now
                chat.cancel()
                let closed = try #require(await closings.next())
                #expect(asked.duration(to: closed) < .milliseconds(100))
                await #expect(throws: CancellationError.self) { try await chat.value }
            }
        }
    }
}
