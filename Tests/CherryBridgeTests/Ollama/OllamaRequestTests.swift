import CherryCore
import CherryNet
import Testing

@testable import CherryBridge

@Suite("Ollama: requests")
struct OllamaRequestTests {
    private let play = DialectPlay(dialect: OllamaDialect(), contentType: "application/x-ndjson")

    @Test(
        "The address may end with /api or not",
        arguments: [
            ("http://localhost:11434", "http://localhost:11434/api"), ("http://h/api/", "http://h/api"),
            ("https://h/x?a=b", "https://h/x/api"),
        ]
    )
    func address(base: String, root: String) throws {
        let endpoint = ProviderEndpoint(baseURL: base, key: nil)
        let query = base.contains("?") ? "?a=b" : ""
        let dialect = OllamaDialect()
        #expect(try dialect.chatRequest(self.play.request, to: endpoint).url == root + "/chat" + query)
        #expect(dialect.modelsRequest(to: endpoint)?.url == root + "/tags" + query)
        let texts = EmbeddingsRequest(model: "m", texts: [])
        #expect(dialect.embeddingsRequest(texts, to: endpoint).url == root + "/embed" + query)
    }

    @Test("A key is sent where there is one")
    func key() {
        let request = OllamaDialect().chatRequest(body: [1], model: "m", isStreamed: true, to: DialectPlay.endpoint)
        #expect(request.headers.contains { $0 == ("Authorization", "Bearer secret-key") })
        #expect(request.headers.contains { $0 == ("Accept", "application/x-ndjson") })
        #expect(request.body == [1])
        let keyless = ProviderEndpoint(baseURL: "http://h", key: nil)
        let whole = OllamaDialect().chatRequest(body: [], model: "m", isStreamed: false, to: keyless)
        #expect(whole.headers.map(\.name) == ["Accept", "Content-Type"])
    }

    @Test("The least request")
    func least() throws {
        #expect(
            try self.play.body { _ in }
                == json(#"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true}"#)
        )
    }

    @Test("Every setting has its field")
    func settings() throws {
        let body = try self.play.body {
            $0.maxTokens = 100
            $0.temperature = 1.5
            $0.topP = 0.25
            $0.topK = 7
            $0.stop = ["END"]
            $0.seed = 42
            $0.frequencyPenalty = 0.5
            $0.presencePenalty = -0.5
            $0.topLogProbabilities = 3
            $0.allowsParallelCalls = true
            $0.isStreamed = false
            $0.format = .schema(name: "n", schema: ["type": "object"], isStrict: true, description: "A thing")
        }
        #expect(
            body
                == json(
                    #"""
                    {"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":false,"logprobs":true,
                     "top_logprobs":3,"format":{"type":"object","description":"A thing"},
                     "options":{"num_predict":100,"temperature":1.5,"top_p":0.25,"top_k":7,"stop":["END"],"seed":42,
                       "frequency_penalty":0.5,"presence_penalty":-0.5}}
                    """#
                )
        )
        let plain = try self.play.body {
            $0.format = .json
            $0.topLogProbabilities = 0
        }
        #expect(plain["format"] == "json")
        #expect(plain["logprobs"] == true && plain["top_logprobs"] == nil)
    }

    @Test(
        "Thought is on or off, and has a level in gpt-oss alone",
        arguments: [
            ("qwen3", ReasoningEffort.none, JSONValue.bool(false)), ("qwen3", .minimal, true), ("qwen3", .high, true),
            ("gpt-oss:20b", .minimal, "low"), ("gpt-oss:20b", .low, "low"), ("gpt-oss:20b", .medium, "medium"),
            ("gpt-oss:20b", .high, "high"), ("gpt-oss:20b", .none, false),
        ]
    )
    func thinking(model: String, effort: ReasoningEffort, expected: JSONValue) throws {
        let body = try self.play.body {
            $0.model = model
            $0.reasoning = effort
        }
        #expect(body["think"] == expected)
    }

    @Test("Messages, calls and results")
    func messages() throws {
        let body = try self.play.body {
            $0.messages = [
                ChatMessage(.system, "S"),
                ChatMessage(
                    .user,
                    parts: [.text("a"), .image(Media(type: "image/png", source: .base64("QQ=="))), .text("b")]
                ),
                ChatMessage(
                    .assistant,
                    parts: [
                        .reasoning(Reasoning(text: "hm")), .reasoning(Reasoning(text: "theirs", signature: "s")),
                        .text("Look:"), .toolCall(ToolCall(id: "c1", name: "f", arguments: #"{"b":1,"a":[2]}"#)),
                        .toolCall(ToolCall(id: "c2", name: "g", arguments: "")),
                    ]
                ),
                ChatMessage(
                    .tool,
                    parts: [
                        .toolResult(ToolResult(callID: "c1", parts: [.text("r"), .text("s")])),
                        .toolResult(
                            ToolResult(
                                callID: "c2",
                                name: "h",
                                parts: [.image(Media(type: "image/png", source: .base64("Qg==")))],
                                isError: true
                            )
                        ), .toolResult(ToolResult(callID: "c3", parts: [])),
                    ]
                ),
            ]
        }
        #expect(
            body["messages"]
                == json(
                    #"""
                    [{"role":"system","content":"S"},{"role":"user","content":"a\nb","images":["QQ=="]},
                     {"role":"assistant","content":"Look:","thinking":"hm","tool_calls":[
                       {"id":"c1","function":{"name":"f","arguments":{"b":1,"a":[2]}}},
                       {"id":"c2","function":{"name":"g","arguments":{}}}]},
                     {"role":"tool","content":"r\ns","tool_name":"f","tool_call_id":"c1"},
                     {"role":"tool","content":"","images":["Qg=="],"tool_name":"h","tool_call_id":"c2"},
                     {"role":"tool","content":"","tool_call_id":"c3"}]
                    """#
                )
        )
    }

    @Test("Tools keep their order and their schema's, and are kept from a model that must not call")
    func tools() throws {
        let tools = [
            ToolDefinition(name: "z", description: "Does z", parameters: ["type": "object", "a": 1]),
            ToolDefinition(name: "a", isStrict: false),
        ]
        for choice in [nil, ToolChoice.auto] {
            let body = try self.play.body {
                $0.tools = tools
                $0.toolChoice = choice
            }
            #expect(
                body["tools"]?.text
                    == #"[{"type":"function","function":{"name":"z","description":"Does z","parameters":{"type":"object","a":1}}},"#
                    + #"{"type":"function","function":{"name":"a","parameters":{"type":"object","properties":{}}}}]"#
            )
        }
        let none = try self.play.body {
            $0.tools = tools
            $0.toolChoice = ToolChoice.none
        }
        #expect(none["tools"] == nil)
    }

    @Test("What the API cannot do is refused by name")
    func refusals() {
        self.play.expectRefused("parallel_tool_calls") { $0.allowsParallelCalls = false }
        self.play.expectRefused("forced call") { $0.toolChoice = .required }
        self.play.expectRefused("forced call") { $0.toolChoice = .tool("f") }
        self.play.expectRefused("strict tools") { $0.tools = [ToolDefinition(name: "f", isStrict: true)] }
        self.play.expectRefused("number of reasoning tokens") { $0.reasoning = .tokens(100) }
        let parts: [(String, ChatMessage.Role, ContentPart)] = [
            ("images by their address", .user, .image(Media(type: nil, source: .url("https://e.com")))),
            ("images by their address", .user, .image(Media(type: nil, source: .id("x")))),
            ("low detail", .user, .image(Media(type: nil, source: .base64("QQ=="), detail: "low"))),
            ("files", .user, .file(Media(type: "application/pdf", source: .base64("QQ==")))),
            ("user's message", .user, .toolCall(ToolCall(id: "1", name: "f", arguments: "{}"))),
            ("assistant's message", .assistant, .toolResult(ToolResult(callID: "1", parts: []))),
            ("tool's message", .tool, .toolResult(ToolResult(callID: "1", parts: [.reasoning(Reasoning(text: "x"))]))),
            ("beside a tool's result", .tool, .text("x")),
            ("not a JSON object", .assistant, .toolCall(ToolCall(id: "1", name: "f", arguments: "[]"))),
        ]
        for (words, role, part) in parts {
            self.play.expectRefused(words) { $0.messages = [ChatMessage(role, parts: [part])] }
        }
    }

    @Test("The models on offer, and vectors of texts that are never cut")
    func questions() throws {
        let dialect = OllamaDialect()
        let list = #"{"models":[{"name":"a:latest","model":"a:latest","size":1},{"name":"b"}]}"#
        #expect(
            try dialect.models(from: Array(list.utf8)) == [ModelDescription(id: "a:latest"), ModelDescription(id: "b")]
        )
        #expect(throws: BridgeError.self) { try dialect.models(from: Array("{}".utf8)) }
        #expect(throws: BridgeError.self) { try dialect.models(from: Array(#"{"models":[{}]}"#.utf8)) }

        let request = EmbeddingsRequest(model: "e", texts: ["x", "y"], dimensions: 2)
        let outgoing = dialect.embeddingsRequest(request, to: DialectPlay.endpoint)
        #expect(
            try JSONValue(parsing: #require(outgoing.body))
                == json(#"{"model":"e","input":["x","y"],"truncate":false,"dimensions":2}"#)
        )
        let answer = Array(#"{"embeddings":[[1,2],[3,4.5]],"prompt_eval_count":6}"#.utf8)
        #expect(
            try dialect.embeddings(from: answer, for: request)
                == Embeddings(vectors: [[1, 2], [3, 4.5]], promptTokens: 6)
        )
        #expect(throws: BridgeError.self) { try dialect.embeddings(from: Array("{}".utf8), for: request) }
        #expect(try dialect.tokenCountRequest(self.play.request, to: DialectPlay.endpoint) == nil)
    }
}
