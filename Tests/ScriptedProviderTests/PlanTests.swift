import CherryCore
import NIOCore
import Testing

@testable import ScriptedProvider

@Suite("Plans of answers")
struct PlanTests {
    /// A plan in words: what is sent, and what happens between.
    static func words(_ script: String, _ api: ProviderAPI = .ollama, isStreamed: Bool = true, attempt: Int = 0) throws
        -> [String]
    {
        let script = try ScriptTests.script(script)
        let question = WriterTests.question(api, isStreamed: isStreamed)
        let plan = PlanMaker(script, question, fault: script.fault(attempt: attempt)).plan()
        return plan.steps.map { step in
            switch step {
            case .send(let buffer, _): Self.short(String(buffer: buffer))
            case .split(let bytes, let size, let pause, _): "\(bytes.count) bytes by \(size), \(pause) ms"
            case .wait(let milliseconds): "wait \(milliseconds)"
            case .hang: "hang"
            case .reset: "reset"
            case .close: "close"
            }
        } + (plan.keepsAlive ? [] : ["end"])
    }

    private static func short(_ text: String) -> String {
        if text.hasPrefix("HTTP/1.1 ") { return "head \(text.dropFirst(9).prefix(3))" }
        if text == "0\r\n\r\n" { return "last chunk" }
        if text.contains("done\":true") { return "done" }
        return text.firstMatch(of: /"content":"(\w*)"/).map { String($0.1) } ?? text
    }

    static let words = #""text": ["a", "b", "c"]"#

    @Test("A stream is a head, an event at a time, and a last chunk")
    func stream() throws {
        #expect(try Self.words("{\(Self.words)}") == ["head 200", "a", "b", "c", "done", "last chunk"])
    }

    @Test("A whole answer, or a stream that is to be sent at once, is one step with its length")
    func whole() throws {
        #expect(try Self.words("{\(Self.words)}", isStreamed: false) == ["head 200"])
        #expect(try Self.words(#"{\#(Self.words), "atOnce": true}"#) == ["head 200"])
    }

    @Test(
        "Faults strike where a script says",
        arguments: [
            (#"{"do": "hang"}"#, ["hang", "end"]),
            (#"{"do": "reset", "at": "head"}"#, ["head 200", "reset", "end"]),
            (#"{"do": "close", "at": 0}"#, ["head 200", "close", "end"]),
            (#"{"do": "hang", "at": 2}"#, ["head 200", "a", "b", "hang", "end"]),
            (#"{"do": "close", "at": 9}"#, ["head 200", "a", "b", "c", "done", "close", "end"]),
            (
                #"{"do": "wait", "milliseconds": 5, "at": 1}"#,
                ["head 200", "a", "wait 5", "b", "c", "done", "last chunk"]
            ),
            (#"{"do": "wait", "milliseconds": 5}"#, ["wait 5", "head 200", "a", "b", "c", "done", "last chunk"]),
            (#"{"do": "status", "status": 503}"#, ["head 503"]),
            (#"{"do": "none"}"#, ["head 200", "a", "b", "c", "done", "last chunk"]),
        ]
    )
    func faults(fault: String, expected: [String]) throws {
        #expect(try Self.words(#"{\#(Self.words), "faults": [\#(fault)]}"#) == expected)
    }

    @Test("An error or garbage comes instead of the rest")
    func said() throws {
        let error = try Self.words(#"{\#(Self.words), "faults": [{"do": "error", "at": 1}]}"#)
        #expect(error == ["head 200", "a", "15\r\n{\"error\":\"scripted\"}\n\r\n", "last chunk"])
        let garbage = try Self.words(#"{\#(Self.words), "faults": [{"do": "garbage"}]}"#)
        #expect(garbage.count == 3)
        #expect(garbage.first == "head 200" && garbage.last == "last chunk")
    }

    @Test("A whole answer breaks in the middle")
    func brokenWhole() throws {
        let words = try Self.words(#"{"faults": [{"do": "reset", "at": 1}]}"#, isStreamed: false)
        #expect(words.count == 4)
        #expect(words.first == "head 200")
        #expect(words.suffix(2) == ["reset", "end"])
    }

    @Test("The start and the end are sent twice when a script wants it, the end is left out when it does not")
    func endings() throws {
        #expect(
            try Self.words(#"{\#(Self.words), "duplicate": "end"}"#)
                == ["head 200", "a", "b", "c", "done", "done", "last chunk"]
        )
        #expect(try Self.words(#"{\#(Self.words), "end": "cutOff"}"#) == ["head 200", "a", "b", "c", "last chunk"])
        let names = { (steps: [String]) in steps.compactMap { $0.firstMatch(of: /event: (\w+)/).map { String($0.1) } } }
        let twice = names(try Self.words(#"{"duplicate": "both"}"#, .anthropic))
        #expect(twice.filter { $0 == "message_start" }.count == 2)
        #expect(twice.filter { $0 == "message_delta" }.count == 2)
        #expect(twice.filter { $0 == "content_block_stop" }.count == 1)
        let noDone = names(try Self.words(#"{"end": "noDone"}"#, .anthropic))
        #expect(noDone.last == "message_delta")
    }

    @Test("Bytes are split and dripped as a script says")
    func split() throws {
        let steps = try Self.words(#"{"text": ["a"], "write": 3, "pause": 2}"#)
        #expect(steps.first == "head 200")
        #expect(steps.dropFirst().dropLast().allSatisfy { $0.hasSuffix("bytes by 3, 2 ms") })
        #expect(steps.last == "last chunk")
    }

    @Test("Routes of every API")
    func routes() {
        func route(_ method: String, _ target: String, _ isAnthropic: Bool = false) -> Route {
            Route(method: method, target: target, speaksAnthropic: isAnthropic)
        }
        let chats: [(String, Route)] = [
            ("/v1/chat/completions", .chat(.openAI, model: nil, isStreamed: nil)),
            ("/mistral/v1/chat/completions", .chat(.mistral, model: nil, isStreamed: nil)),
            (
                "/openai/deployments/d/chat/completions?api-version=1",
                .chat(.azure, model: "d", isStreamed: nil)
            ),
            ("/openai/v1/chat/completions", .chat(.azure, model: nil, isStreamed: nil)),
            ("/v1/responses", .chat(.responses, model: nil, isStreamed: nil)),
            ("/v1/messages", .chat(.anthropic, model: nil, isStreamed: nil)),
            ("/v1beta/models/g:generateContent", .chat(.gemini, model: "g", isStreamed: false)),
            ("/v1beta/models/g:streamGenerateContent?alt=sse", .chat(.gemini, model: "g", isStreamed: true)),
            ("/api/chat", .chat(.ollama, model: nil, isStreamed: nil)),
            ("/model/a.b-v1%3A0/converse", .chat(.bedrock, model: "a.b-v1:0", isStreamed: false)),
            ("/model/x/converse-stream", .chat(.bedrock, model: "x", isStreamed: true)),
            ("/v1/messages/count_tokens", .tokenCount(.anthropic)),
            ("/v1beta/models/g:countTokens", .tokenCount(.gemini)),
            ("/v1/embeddings", .embeddings(.openAI, model: nil)),
            ("/mistral/v1/embeddings", .embeddings(.mistral, model: nil)),
            ("/openai/deployments/d/embeddings", .embeddings(.openAI, model: "d")),
            ("/v1beta/models/g:batchEmbedContents", .embeddings(.geminiMany, model: "g")),
            ("/api/embed", .embeddings(.ollama, model: nil)), ("/model/t/invoke", .embeddings(.bedrock, model: "t")),
            ("/v2/chat", .nothing),
        ]
        for (target, expected) in chats { #expect(route("POST", target) == expected, "\(target)") }
        #expect(route("GET", "/v1/models") == .models(.openAI))
        #expect(route("GET", "/v1/models", true) == .models(.anthropic))
        #expect(route("GET", "/v1beta/models") == .models(.gemini))
        #expect(route("GET", "/api/tags") == .models(.ollama))
        #expect(route("GET", "/foundation-models") == .models(.bedrock))
        #expect(route("GET", "/mistral/v1/models") == .models(.mistral))
        #expect(route("GET", "/report/a%20b") == .report(id: "a b"))
        #expect(route("PUT", "/script") == .putScript)
        #expect(route("DELETE", "/report") == .forget)
        #expect(route("GET", "/v1/chat/completions") == .nothing)
    }
}
