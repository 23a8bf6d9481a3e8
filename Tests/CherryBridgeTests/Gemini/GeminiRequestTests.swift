import CherryCore
import CherryNet
import Testing

@testable import CherryBridge

@Suite("Gemini: requests")
struct GeminiRequestTests {
    private let play = DialectPlay(dialect: GeminiDialect(), contentType: "text/event-stream")

    @Test("Address and key: the key is never in the address")
    func head() throws {
        let endpoint = ProviderEndpoint(baseURL: "https://e.com/v1beta", key: Secret("secret-key"))
        var request = ChatRequest(model: "gemini-3-pro", messages: [ChatMessage(.user, "Hi")])
        let stream = try GeminiDialect().chatRequest(request, to: endpoint)
        #expect(stream.url == "https://e.com/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse")
        #expect(stream.headers.contains { $0 == ("x-goog-api-key", "secret-key") })
        request.isStreamed = false
        let whole = try GeminiDialect().chatRequest(request, to: endpoint)
        #expect(whole.url == "https://e.com/v1beta/models/gemini-3-pro:generateContent")
        #expect(whole.body == stream.body)
    }

    @Test(
        "Names of models stay one segment of the path",
        arguments: [
            ("models/a", "/models/a:generateContent"), ("tunedModels/a", "/tunedModels/a:generateContent"),
            ("a/../b?c#d", "/models/a%2F..%2Fb%3Fc%23d:generateContent"), ("ä", "/models/%C3%A4:generateContent"),
        ]
    )
    func names(model: String, path: String) {
        let endpoint = ProviderEndpoint(baseURL: "https://e.com?x=1", key: nil)
        let request = GeminiDialect().chatRequest(body: [], model: model, isStreamed: false, to: endpoint)
        #expect(request.url == "https://e.com" + path + "?x=1")
        let stream = GeminiDialect().chatRequest(body: [], model: "m", isStreamed: true, to: endpoint)
        #expect(stream.url == "https://e.com/models/m:streamGenerateContent?x=1&alt=sse")
    }

    @Test("The least request")
    func least() throws {
        #expect(try self.play.body { _ in } == json(#"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"#))
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
            $0.format = .schema(name: "n", schema: ["type": "object"], isStrict: true, description: "A thing")
        }
        #expect(
            body["generationConfig"]
                == json(
                    #"""
                    {"maxOutputTokens":100,"temperature":1.5,"topP":0.25,"topK":7,"stopSequences":["END"],"seed":42,
                     "frequencyPenalty":0.5,"presencePenalty":-0.5,"responseLogprobs":true,"logprobs":3,
                     "responseMimeType":"application/json",
                     "responseJsonSchema":{"type":"object","description":"A thing"}}
                    """#
                )
        )
        let plain = try self.play.body {
            $0.format = .json
            $0.topLogProbabilities = 0
        }
        #expect(plain["generationConfig"] == ["responseMimeType": "application/json", "responseLogprobs": true])
    }

    @Test(
        "Thought by tokens before version 3, by level from then on",
        arguments: [
            ("gemini-2.5-pro", ReasoningEffort.minimal, #"{"thinkingBudget":1024,"includeThoughts":true}"#),
            ("gemini-2.5-flash", .low, #"{"thinkingBudget":4096,"includeThoughts":true}"#),
            ("gemini-2.5-flash", .medium, #"{"thinkingBudget":8192,"includeThoughts":true}"#),
            ("gemini-2.5-flash", .high, #"{"thinkingBudget":24576,"includeThoughts":true}"#),
            ("gemini-2.5-flash", .none, #"{"thinkingBudget":0}"#),
            ("gemini-3-pro", .tokens(77), #"{"thinkingBudget":77,"includeThoughts":true}"#),
            ("gemini-3-flash", .minimal, #"{"thinkingLevel":"minimal","includeThoughts":true}"#),
            ("gemini-3-pro", .low, #"{"thinkingLevel":"low","includeThoughts":true}"#),
            ("gemini-4-flash", .medium, #"{"thinkingLevel":"medium","includeThoughts":true}"#),
            ("gemini-flash-latest", .high, #"{"thinkingLevel":"high","includeThoughts":true}"#),
        ]
    )
    func thinking(model: String, effort: ReasoningEffort, expected: String) throws {
        let body = try self.play.body {
            $0.model = model
            $0.reasoning = effort
        }
        #expect(body["generationConfig"] == ["thinkingConfig": json(expected)])
    }

    private static let conversation = [
        ChatMessage(.system, "One"), ChatMessage(.user, "a"), ChatMessage(.system, "Two"),
        ChatMessage(.user, parts: [.text("b")]),
        ChatMessage(
            .assistant,
            parts: [
                .reasoning(Reasoning(text: "a summary", signature: "s1")), .text("Look:"),
                .toolCall(ToolCall(id: "c1", name: "f", arguments: #"{"b":1,"a":2}"#, signature: "s2")),
                .toolCall(ToolCall(id: "c2", name: "g", arguments: "")),
            ]
        ),
        ChatMessage(.tool, parts: [.toolResult(ToolResult(callID: "c1", parts: [.text("r"), .text("s")]))]),
        ChatMessage(
            .tool,
            parts: [
                .toolResult(
                    ToolResult(
                        callID: "c2",
                        name: "h",
                        parts: [.text("bad"), .image(Media(type: "image/png", source: .base64("QQ==")))],
                        isError: true
                    )
                )
            ]
        ), ChatMessage(.assistant, parts: [.text("x"), .reasoning(Reasoning(text: "", signature: "s3"))]),
    ]

    @Test("Turns are merged, results find their tool's name, signatures return to their places")
    func turns() throws {
        let body = try self.play.body { $0.messages = Self.conversation }
        #expect(body["systemInstruction"] == json(#"{"parts":[{"text":"One"},{"text":"Two"}]}"#))
        #expect(
            body["contents"]
                == json(
                    #"""
                    [{"role":"user","parts":[{"text":"a"},{"text":"b"}]},
                     {"role":"model","parts":[{"text":"Look:","thoughtSignature":"s1"},
                       {"functionCall":{"id":"c1","name":"f","args":{"b":1,"a":2}},"thoughtSignature":"s2"},
                       {"functionCall":{"id":"c2","name":"g","args":{}}}]},
                     {"role":"user","parts":[
                       {"functionResponse":{"id":"c1","name":"f","response":{"output":"r\ns"}}},
                       {"functionResponse":{"id":"c2","name":"h","response":{"error":"bad"},
                         "parts":[{"inlineData":{"mimeType":"image/png","data":"QQ=="}}]}}]},
                     {"role":"model","parts":[{"text":"x"},{"text":"","thoughtSignature":"s3"}]}]
                    """#
                )
        )
    }

    @Test("A call that no Gemini model made says so where a signature is demanded, once a turn")
    func foreignCalls() throws {
        let calls = ["c1", "c2"].map { ContentPart.toolCall(ToolCall(id: $0, name: "f", arguments: "{}")) }
        for (model, expected) in [
            ("gemini-3-pro", GeminiDialect.foreignSignature), ("gemini-2.5-pro", nil), ("gemini-1.5-pro", nil),
        ] {
            let body = try self.play.body {
                $0.model = model
                $0.messages = [ChatMessage(.user, "a"), ChatMessage(.assistant, parts: [.text("t")] + calls)]
            }
            let parts = body["contents"]?.array?.last?["parts"]?.array ?? []
            #expect(parts.map { $0["thoughtSignature"]?.string } == [nil, expected, nil], "\(model)")
        }
    }

    @Test("Images and files by their bytes and address")
    func media() throws {
        let body = try self.play.body {
            $0.messages = [
                ChatMessage(
                    .user,
                    parts: [
                        .image(Media(type: "image/webp", source: .base64("QQ=="), detail: "high")),
                        .image(Media(type: nil, source: .url("https://e.com/a.png"))),
                        .file(Media(type: "application/pdf", source: .base64("JVBERg=="), name: "a.pdf")),
                        .file(Media(type: "application/pdf", source: .id("https://e.com/v1beta/files/x"))),
                    ]
                )
            ]
        }
        #expect(
            body["contents"]
                == json(
                    #"""
                    [{"role":"user","parts":[{"inlineData":{"mimeType":"image/webp","data":"QQ=="}},
                      {"fileData":{"fileUri":"https://e.com/a.png"}},
                      {"inlineData":{"mimeType":"application/pdf","data":"JVBERg=="}},
                      {"fileData":{"fileUri":"https://e.com/v1beta/files/x","mimeType":"application/pdf"}}]}]
                    """#
                )
        )
    }

    @Test("Tools keep their order and their schema's")
    func tools() throws {
        let body = try self.play.body {
            $0.tools = [
                ToolDefinition(name: "z", description: "Does z", parameters: ["type": "object", "properties": [:]]),
                ToolDefinition(name: "a"),
            ]
        }
        #expect(
            body["tools"]?.text
                == #"[{"functionDeclarations":[{"name":"z","description":"Does z","parametersJsonSchema":"#
                + #"{"type":"object","properties":{}}},{"name":"a"}]}]"#
        )
        #expect(body["toolConfig"] == nil)
    }

    @Test(
        "Which tool, and whether arguments are held to their schema",
        arguments: [
            (ToolChoice.auto, false, #"{"mode":"AUTO"}"#), (.required, true, #"{"mode":"ANY"}"#),
            (ToolChoice.none, true, #"{"mode":"NONE"}"#), (.auto, true, #"{"mode":"VALIDATED"}"#),
            (.tool("f"), false, #"{"mode":"ANY","allowedFunctionNames":["f"]}"#), (nil, true, #"{"mode":"VALIDATED"}"#),
        ] as [(ToolChoice?, Bool, String)]
    )
    func choice(choice: ToolChoice?, isStrict: Bool, expected: String) throws {
        let body = try self.play.body {
            $0.tools = [ToolDefinition(name: "f", isStrict: isStrict)]
            $0.toolChoice = choice
        }
        #expect(body["toolConfig"] == ["functionCallingConfig": json(expected)])
    }

    @Test("What the API cannot do is refused by name")
    func refusals() {
        self.play.expectRefused("parallel_tool_calls") { $0.allowsParallelCalls = false }
        let parts: [(String, ChatMessage.Role, ContentPart)] = [
            ("no type", .user, .image(Media(type: nil, source: .base64("QQ==")))),
            ("low detail", .user, .image(Media(type: nil, source: .url("https://e.com"), detail: "low"))),
            ("system message", .system, .image(Media(type: nil, source: .url("https://e.com")))),
            ("assistant's message", .assistant, .file(Media(type: nil, source: .url("https://e.com")))),
            ("user's message", .user, .toolCall(ToolCall(id: "1", name: "f", arguments: "{}"))),
            ("beside a tool's result", .tool, .text("x")),
            ("not in the conversation", .tool, .toolResult(ToolResult(callID: "1", parts: []))),
            ("not a JSON object", .assistant, .toolCall(ToolCall(id: "1", name: "f", arguments: "1"))),
        ]
        for (words, role, part) in parts {
            self.play.expectRefused(words) { $0.messages = [ChatMessage(role, parts: [part])] }
        }
    }

    @Test("The models on offer are those that generate text or vectors")
    func models() throws {
        let dialect = GeminiDialect()
        #expect(
            dialect.modelsRequest(to: DialectPlay.endpoint)?.url == "https://api.example.com/v1/models?pageSize=1000"
        )
        let body = #"""
            {"models":[{"name":"models/a","inputTokenLimit":1048576,"supportedGenerationMethods":["generateContent"]},
             {"name":"models/b","supportedGenerationMethods":["embedContent"]},
             {"name":"models/c","supportedGenerationMethods":["predict"]},{"name":"tunedModels/d"}]}
            """#
        #expect(
            try dialect.models(from: Array(body.utf8)) == [
                ModelDescription(id: "a", contextLength: 1_048_576),
                ModelDescription(id: "b", capabilities: [.embeddings]), ModelDescription(id: "tunedModels/d"),
            ]
        )
        #expect(throws: BridgeError.self) { try dialect.models(from: Array("{}".utf8)) }
        #expect(throws: BridgeError.self) { try dialect.models(from: Array(#"{"models":[{}]}"#.utf8)) }
    }

    @Test("Vectors, and how many tokens a request takes")
    func questions() throws {
        let dialect = GeminiDialect()
        let request = EmbeddingsRequest(model: "e", texts: ["x", "y"], dimensions: 2)
        let outgoing = dialect.embeddingsRequest(request, to: DialectPlay.endpoint)
        #expect(outgoing.url == "https://api.example.com/v1/models/e:batchEmbedContents")
        #expect(
            try JSONValue(parsing: #require(outgoing.body))
                == json(
                    #"""
                    {"requests":[{"model":"models/e","content":{"parts":[{"text":"x"}]},"outputDimensionality":2},
                     {"model":"models/e","content":{"parts":[{"text":"y"}]},"outputDimensionality":2}]}
                    """#
                )
        )
        let answer = Array(#"{"embeddings":[{"values":[1,2]},{"values":[3,4.5]}]}"#.utf8)
        #expect(
            try dialect.embeddings(from: answer, for: request)
                == Embeddings(vectors: [[1, 2], [3, 4.5]], promptTokens: nil)
        )
        #expect(throws: BridgeError.self) { try dialect.embeddings(from: Array("{}".utf8), for: request) }

        let question = try #require(try dialect.tokenCountRequest(self.play.request, to: DialectPlay.endpoint))
        #expect(question.url == "https://api.example.com/v1/models/m:countTokens")
        #expect(
            try JSONValue(parsing: #require(question.body))
                == json(
                    #"{"generateContentRequest":{"model":"models/m","contents":[{"role":"user","parts":[{"text":"Hi"}]}]}}"#
                )
        )
        #expect(try dialect.tokenCount(from: Array(#"{"totalTokens":31}"#.utf8)) == 31)
        #expect(throws: BridgeError.self) { try dialect.tokenCount(from: Array("{}".utf8)) }
    }
}
