import CherryCore
import CherryNet
import Testing

@testable import CherryBridge

@Suite("Anthropic: requests")
struct AnthropicRequestTests {
    private let play = DialectPlay(dialect: AnthropicDialect(), contentType: "text/event-stream")

    @Test("Address, key and version")
    func head() throws {
        let request = try AnthropicDialect().chatRequest(self.play.request, to: DialectPlay.endpoint)
        #expect(request.url == "https://api.example.com/v1/messages")
        #expect(request.headers.contains { $0 == ("x-api-key", "secret-key") })
        #expect(request.headers.contains { $0 == ("anthropic-version", "2023-06-01") })
        #expect(request.headers.contains { $0 == ("Accept", "text/event-stream") })
        let keyless = ProviderEndpoint(baseURL: "http://localhost/v1", key: nil)
        let whole = AnthropicDialect().chatRequest(body: [1], model: "m", isStreamed: false, to: keyless)
        #expect(whole.headers.map(\.name) == ["Accept", "Content-Type", "anthropic-version"])
        #expect(whole.headers.first?.value == "application/json")
        #expect(whole.body == [1])
    }

    @Test("The least request sets the limit that the API demands")
    func least() throws {
        #expect(
            try self.play.body { _ in }
                == json(
                    #"""
                    {"model":"m","max_tokens":8192,"stream":true,
                     "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}
                    """#
                )
        )
    }

    @Test("Every setting has its field")
    func settings() throws {
        let body = try self.play.body {
            $0.maxTokens = 100
            $0.temperature = 1
            $0.topP = 0.25
            $0.topK = 7
            $0.stop = ["END", "\n\n"]
            $0.frequencyPenalty = 0
            $0.presencePenalty = 0
            $0.isStreamed = false
            $0.format = .schema(name: "n", schema: ["type": "object"], isStrict: true, description: "A thing")
        }
        #expect(
            body
                == json(
                    #"""
                    {"model":"m","max_tokens":100,"temperature":1.0,"top_p":0.25,"top_k":7,"stop_sequences":["END","\n\n"],
                     "stream":false,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],
                     "output_config":{"format":{"type":"json_schema","schema":{"type":"object","description":"A thing"}}}}
                    """#
                )
        )
    }

    @Test("System messages stand at the top, messages of one speaker become one, results come first")
    func turns() throws {
        let body = try self.play.body {
            $0.messages = [
                ChatMessage(.system, "One"), ChatMessage(.user, "a"), ChatMessage(.system, "Two"),
                ChatMessage(.user, parts: [.text(""), .text("b")]),
                ChatMessage(
                    .assistant,
                    parts: [
                        .reasoning(Reasoning(text: "hm", signature: "sig")),
                        .reasoning(Reasoning(text: "", encrypted: "blob")),
                        .reasoning(Reasoning(text: "unproven")),
                        .reasoning(Reasoning(text: "", encrypted: "other", id: "rs_1")), .text("Look:"),
                        .toolCall(ToolCall(id: "t1", name: "f", arguments: #"{"b":1,"a":[2]}"#)),
                        .toolCall(ToolCall(id: "t2", name: "g", arguments: " ")),
                    ]
                ),
                ChatMessage(.tool, parts: [.toolResult(ToolResult(callID: "t1", parts: [.text("r1")]))]),
                ChatMessage(.user, "and"),
                ChatMessage(
                    .tool,
                    parts: [
                        .toolResult(
                            ToolResult(
                                callID: "t2",
                                parts: [.text("bad"), .image(Media(type: "image/png", source: .base64("QQ==")))],
                                isError: true
                            )
                        )
                    ]
                ),
            ]
        }
        #expect(body["system"] == json(#"[{"type":"text","text":"One"},{"type":"text","text":"Two"}]"#))
        #expect(
            body["messages"]
                == json(
                    #"""
                    [{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
                     {"role":"assistant","content":[
                       {"type":"thinking","thinking":"hm","signature":"sig"},
                       {"type":"redacted_thinking","data":"blob"},{"type":"text","text":"Look:"},
                       {"type":"tool_use","id":"t1","name":"f","input":{"b":1,"a":[2]}},
                       {"type":"tool_use","id":"t2","name":"g","input":{}}]},
                     {"role":"user","content":[
                       {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"r1"}]},
                       {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[{"type":"text","text":"bad"},
                         {"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="}}]},
                       {"type":"text","text":"and"}]}]
                    """#
                )
        )
    }

    @Test("Images and files by their bytes, address and id")
    func media() throws {
        let body = try self.play.body {
            $0.messages = [
                ChatMessage(
                    .user,
                    parts: [
                        .image(Media(type: "image/webp", source: .base64("QQ=="), detail: "high")),
                        .image(Media(type: nil, source: .url("https://e.com/a.png"), detail: "auto")),
                        .image(Media(type: nil, source: .id("file_1"))),
                        .file(Media(type: "application/pdf", source: .base64("JVBERg=="), name: "a.pdf")),
                        .file(Media(type: "text/markdown", source: .base64("S2lyc2NoZSDwn42S"))),
                        .file(Media(type: nil, source: .url("https://e.com/a.pdf"))),
                        .file(Media(type: nil, source: .id("file_2"))),
                    ]
                )
            ]
        }
        #expect(
            body["messages"]
                == json(
                    #"""
                    [{"role":"user","content":[
                      {"type":"image","source":{"type":"base64","media_type":"image/webp","data":"QQ=="}},
                      {"type":"image","source":{"type":"url","url":"https://e.com/a.png"}},
                      {"type":"image","source":{"type":"file","file_id":"file_1"}},
                      {"type":"document","title":"a.pdf",
                       "source":{"type":"base64","media_type":"application/pdf","data":"JVBERg=="}},
                      {"type":"document","source":{"type":"text","media_type":"text/plain","data":"Kirsche 🍒"}},
                      {"type":"document","source":{"type":"url","url":"https://e.com/a.pdf"}},
                      {"type":"document","source":{"type":"file","file_id":"file_2"}}]}]
                    """#
                )
        )
    }

    @Test("Tools keep their order and their schema's")
    func tools() throws {
        let body = try self.play.body {
            $0.tools = [
                ToolDefinition(
                    name: "z",
                    description: "Does z",
                    parameters: ["type": "object", "required": [], "properties": [:]],
                    isStrict: true
                ), ToolDefinition(name: "a"),
            ]
        }
        #expect(
            body["tools"]?.text
                == #"[{"name":"z","description":"Does z","input_schema":{"type":"object","required":[],"properties":{}},"#
                + #""strict":true},{"name":"a","input_schema":{"type":"object","properties":{}}}]"#
        )
        #expect(body["tool_choice"] == nil)
    }

    @Test(
        "Which tool, and how many at once",
        arguments: [
            (ToolChoice.auto, nil, #"{"type":"auto"}"#), (.required, nil, #"{"type":"any"}"#),
            (.tool("f"), true, #"{"type":"tool","name":"f","disable_parallel_tool_use":false}"#),
            (ToolChoice.none, false, #"{"type":"none"}"#),
            (nil, false, #"{"type":"auto","disable_parallel_tool_use":true}"#),
        ] as [(ToolChoice?, Bool?, String)]
    )
    func choice(choice: ToolChoice?, isParallel: Bool?, expected: String) throws {
        let body = try self.play.body {
            $0.tools = [ToolDefinition(name: "f")]
            $0.toolChoice = choice
            $0.allowsParallelCalls = isParallel
        }
        #expect(body["tool_choice"] == json(expected))
        let without = try self.play.body { $0.allowsParallelCalls = isParallel }
        #expect(without["tool_choice"] == nil)
    }

    @Test(
        "Thinking takes tokens in models before 4.6 and an effort from then on, with room beside the answer",
        arguments: [
            ("claude-3-7-sonnet-20250219", ReasoningEffort.high, 24_576), ("claude-opus-4-20250514", .medium, 8_192),
            ("claude-sonnet-4-5", .low, 4_096), ("claude-haiku-4-5-20251001", .minimal, 1_024),
            ("claude-opus-4-6", .tokens(2_000), 2_000), ("some-other-model", .low, 4_096),
            ("us.anthropic.claude-opus-4-5-20251101-v1:0", .low, 4_096),
        ]
    )
    func budgets(model: String, effort: ReasoningEffort, budget: Int64) throws {
        let body = try self.play.body {
            $0.model = model
            $0.reasoning = effort
        }
        #expect(body["thinking"] == ["type": "enabled", "budget_tokens": .integer(budget)])
        #expect(body["max_tokens"] == .integer(8_192 + budget))
        #expect(body["output_config"] == nil)
    }

    @Test(
        "Later models decide within an effort",
        arguments: [
            ("claude-opus-4-6", ReasoningEffort.high, "high"), ("claude-sonnet-4-6-20260101", .medium, "medium"),
            ("claude-sonnet-5", .low, "low"), ("claude-mythos-preview", .minimal, "low"),
            ("anthropic.claude-opus-4-7", .low, "low"), ("claude-fable-5-2", .high, "high"),
        ]
    )
    func efforts(model: String, effort: ReasoningEffort, level: String) throws {
        let body = try self.play.body {
            $0.model = model
            $0.reasoning = effort
            $0.maxTokens = 500
        }
        #expect(body["thinking"] == ["type": "adaptive", "display": "summarized"])
        #expect(body["output_config"] == ["effort": .string(level)])
        #expect(body["max_tokens"] == 500)
    }

    @Test("A limit on the answer holds for thought as well, and no thought can be asked for")
    func limits() throws {
        let capped = try self.play.body {
            $0.reasoning = .high
            $0.maxTokens = 2_000
        }
        #expect(capped["thinking"]?["budget_tokens"] == 1_999)
        #expect(capped["max_tokens"] == 2_000)
        let off = try self.play.body { $0.reasoning = ReasoningEffort.none }
        #expect(off["thinking"] == ["type": "disabled"])
        #expect(off["max_tokens"] == 8_192)
        let boundless = try self.play.body { $0.reasoning = .tokens(.max) }
        #expect(boundless["max_tokens"] == .integer((1 << 31) + 8_192))
        self.play.expectRefused("less than 1024 tokens") {
            $0.reasoning = .tokens(.min)
            $0.maxTokens = .min
        }
    }

    @Test("Ids of other providers are brought into form, alike for call and result, and none comes twice")
    func ids() throws {
        let turn = [
            ChatMessage(.assistant, parts: [.toolCall(ToolCall(id: "functions.f:0", name: "f", arguments: "{}"))]),
            ChatMessage(.tool, parts: [.toolResult(ToolResult(callID: "functions.f:0", parts: [.text("1")]))]),
        ]
        let body = try self.play.body {
            $0.messages = [ChatMessage(.user, "a")] + turn + [ChatMessage(.user, "b")] + turn
        }
        let messages = try #require(body["messages"]?.array)
        let calls = [1, 3].compactMap { messages[$0]["content"]?.array?.first?["id"]?.string }
        let results = [2, 4].compactMap { messages[$0]["content"]?.array?.first?["tool_use_id"]?.string }
        #expect(calls == results)
        #expect(Set(calls).count == 2)
        #expect(calls.allSatisfy { $0.wholeMatch(of: /[a-zA-Z0-9_-]{1,128}/) != nil })
    }

    @Test("What the API cannot do is refused by name")
    func refusals() {
        self.play.expectRefused("seed") { $0.seed = 1 }
        self.play.expectRefused("frequency_penalty") { $0.frequencyPenalty = 0.5 }
        self.play.expectRefused("presence_penalty") { $0.presencePenalty = -1 }
        self.play.expectRefused("log-probabilities") { $0.topLogProbabilities = 0 }
        self.play.expectRefused("temperature above 1") { $0.temperature = 1.1 }
        self.play.expectRefused("JSON without a schema") { $0.format = .json }
        self.play.expectRefused("less than 1024 tokens") { $0.reasoning = .tokens(1_000) }
        self.play.expectRefused("less than 1024 tokens") {
            $0.reasoning = .low
            $0.maxTokens = 1_024
        }
        let parts: [(String, ChatMessage.Role, ContentPart)] = [
            ("images of no type", .user, .image(Media(type: nil, source: .base64("QQ==")))),
            ("low detail", .user, .image(Media(type: nil, source: .url("https://e.com"), detail: "low"))),
            ("application/zip", .user, .file(Media(type: "application/zip", source: .base64("QQ==")))),
            ("type text/plain", .user, .file(Media(type: "text/plain", source: .base64("/w==")))),
            ("type unknown", .user, .file(Media(type: nil, source: .base64("QQ==")))),
            ("system message", .system, .image(Media(type: nil, source: .url("https://e.com")))),
            ("assistant's message", .assistant, .image(Media(type: nil, source: .url("https://e.com")))),
            ("user's message", .user, .reasoning(Reasoning(text: "x"))),
            ("beside a tool's result", .tool, .text("x")),
            ("not a JSON object", .assistant, .toolCall(ToolCall(id: "1", name: "f", arguments: "[1]"))),
            ("not a JSON object", .assistant, .toolCall(ToolCall(id: "1", name: "f", arguments: "{"))),
        ]
        for (words, role, part) in parts {
            self.play.expectRefused(words) { $0.messages = [ChatMessage(role, parts: [part])] }
        }
    }

    @Test("The models on offer, and how many tokens a request takes")
    func questions() throws {
        let dialect = AnthropicDialect()
        #expect(dialect.modelsRequest(to: DialectPlay.endpoint)?.url == "https://api.example.com/v1/models?limit=1000")
        let other = ProviderEndpoint(baseURL: "https://e.com/v1?a=b", key: nil)
        #expect(dialect.modelsRequest(to: other)?.url == "https://e.com/v1/models?a=b&limit=1000")
        let models = try dialect.models(
            from: Array(#"{"data":[{"id":"a","max_input_tokens":200000},{"id":"b"}],"has_more":false}"#.utf8)
        )
        #expect(models == [ModelDescription(id: "a", contextLength: 200_000), ModelDescription(id: "b")])
        #expect(throws: (any Error).self) { try dialect.models(from: Array(#"{"error":1}"#.utf8)) }
        #expect(throws: (any Error).self) { try dialect.models(from: Array(#"{"data":[{}]}"#.utf8)) }

        var request = self.play.request
        request.temperature = 0.5
        request.tools = [ToolDefinition(name: "f")]
        request.messages.append(ChatMessage(.system, "s"))
        let question = try #require(try dialect.tokenCountRequest(request, to: DialectPlay.endpoint))
        #expect(question.url == "https://api.example.com/v1/messages/count_tokens")
        let body = try JSONValue(parsing: #require(question.body))
        #expect(body.object?.keys == ["model", "system", "messages", "tools"])
        #expect(try dialect.tokenCount(from: Array(#"{"input_tokens":14}"#.utf8)) == 14)
        #expect(throws: BridgeError.self) { try dialect.tokenCount(from: Array("{}".utf8)) }
        #expect(throws: BridgeError.self) {
            try dialect.embeddingsRequest(EmbeddingsRequest(model: "m", texts: ["a"]), to: DialectPlay.endpoint)
        }
    }
}
