import CherryCore
import CherryNet
import Foundation
import Testing

@testable import CherryBridge

@Suite("Bedrock: requests")
struct BedrockRequestTests {
    private let play = DialectPlay(dialect: BedrockDialect(), contentType: "application/vnd.amazon.eventstream")

    private static func endpoint(
        _ url: String = "https://bedrock-runtime.us-west-2.amazonaws.com",
        key: String? = "AKIDEXAMPLE:se/cr+et"
    ) -> ProviderEndpoint {
        ProviderEndpoint(
            baseURL: url,
            key: key.map { Secret($0) },
            now: { Date(timeIntervalSince1970: 1_440_938_160) }
        )
    }

    private func body(_ change: (inout ChatRequest) -> Void) throws -> JSONValue {
        try self.play.body(change, to: Self.endpoint())
    }

    @Test("Address, and a signature of the day")
    func head() throws {
        var request = self.play.request
        request.model = "arn:aws:bedrock:us-west-2:1:inference-profile/x"
        let stream = try BedrockDialect().chatRequest(request, to: Self.endpoint())
        #expect(
            stream.url
                == "https://bedrock-runtime.us-west-2.amazonaws.com/model/arn%3Aaws%3Abedrock%3Aus-west-2%3A1%3Ainference-profile%2Fx/converse-stream"
        )
        #expect(stream.headers.map(\.name) == ["Accept", "Content-Type", "X-Amz-Date", "Authorization"])
        #expect(stream.headers[0].value == "application/vnd.amazon.eventstream")
        #expect(stream.headers[2].value == "20150830T123600Z")
        #expect(stream.headers[3].value.contains("Credential=AKIDEXAMPLE/20150830/us-west-2/bedrock/aws4_request"))
        #expect(stream.headers[3].value.contains("SignedHeaders=content-type;host;x-amz-date,"))
        request.isStreamed = false
        let whole = try BedrockDialect().chatRequest(request, to: Self.endpoint(key: "A:b:tok/en=="))
        #expect(whole.url.hasSuffix("/converse"))
        #expect(whole.body == stream.body)
        #expect(whole.headers.contains { $0 == ("X-Amz-Security-Token", "tok/en==") })
        #expect(whole.headers.contains { $0 == ("Accept", "application/json") })
    }

    @Test("A key without a colon is sent as it is, and needs no region")
    func bearer() throws {
        let endpoint = Self.endpoint("https://proxy.example.com/bedrock", key: " ABSKQmVk ")
        let request = try BedrockDialect().chatRequest(body: [], model: "..", isStreamed: false, to: endpoint)
        #expect(request.url == "https://proxy.example.com/bedrock/model/%2E%2E/converse")
        #expect(request.headers.contains { $0 == ("Authorization", "Bearer ABSKQmVk") })
        let keyless = Self.endpoint("https://proxy.example.com", key: nil)
        let unsigned = try BedrockDialect().chatRequest(body: [], model: "m", isStreamed: false, to: keyless)
        #expect(unsigned.headers.map(\.name) == ["Accept", "Content-Type"])
    }

    @Test(
        "The region stands in the host's name or in the address",
        arguments: [
            ("https://bedrock-runtime.eu-central-1.amazonaws.com", "eu-central-1"),
            ("https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
            ("https://vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com/x", "us-east-1"),
            ("http://127.0.0.1:9?region=us-east-2", "us-east-2"),
            ("https://bedrock-runtime.eu-central-1.amazonaws.com?a=b&region=eu-west-3", "eu-west-3"),
            ("https://bedrock-runtime.example.com", nil), ("https://bedrock-runtime", nil), ("http://127.0.0.1:9", nil),
            ("", nil),
        ] as [(String, String?)]
    )
    func region(url: String, region: String?) { #expect(Self.endpoint(url).awsRegion == region) }

    @Test("The region is no part of what is sent, other parameters are")
    func parameters() throws {
        for (url, sent) in [
            ("http://h:9?region=us-east-2", "http://h:9/model/m/converse"),
            ("http://h:9?a=b&region=us-east-2&c=d", "http://h:9/model/m/converse?a=b&c=d"),
        ] {
            let endpoint = Self.endpoint(url)
            let request = try BedrockDialect().chatRequest(body: [], model: "m", isStreamed: false, to: endpoint)
            #expect(request.url == sent)
            #expect(request.headers.last?.value.contains("/us-east-2/bedrock/") == true)
        }
    }

    @Test("Keys of no form and addresses without a region are refused with a hint")
    func keys() {
        for key in ["a:", ":b", "a:b:c:d", "a::c", ""] {
            let error = #expect(throws: BridgeError.self, "\(key)") {
                try BedrockDialect().chatRequest(self.play.request, to: Self.endpoint(key: key))
            }
            #expect(error?.code == .unauthorized)
        }
        let error = #expect(throws: BridgeError.self) {
            try BedrockDialect().chatRequest(self.play.request, to: Self.endpoint("https://proxy.example.com"))
        }
        #expect(error?.hint?.contains("?region=") == true)
    }

    @Test("The least request")
    func least() throws {
        #expect(try self.body { _ in } == json(#"{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}"#))
    }

    @Test("Every setting has its field")
    func settings() throws {
        let body = try self.body {
            $0.model = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
            $0.maxTokens = 100
            $0.temperature = 0.5
            $0.topP = 0.25
            $0.topK = 7
            $0.stop = ["END"]
            $0.frequencyPenalty = 0
            $0.allowsParallelCalls = true
            $0.format = .schema(name: "n", schema: ["type": "object"], isStrict: true, description: "A thing")
        }
        #expect(
            body
                == json(
                    #"""
                    {"messages":[{"role":"user","content":[{"text":"Hi"}]}],
                     "inferenceConfig":{"maxTokens":100,"temperature":0.5,"topP":0.25,"stopSequences":["END"]},
                     "additionalModelRequestFields":{"top_k":7},
                     "outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":
                       {"name":"n","schema":"{\"type\":\"object\"}","description":"A thing"}}}}}
                    """#
                )
        )
    }

    @Test(
        "What is left to each family of models",
        arguments: [
            (
                "anthropic.claude-opus-4-6-v1", ReasoningEffort.high, nil,
                #"{"thinking":{"type":"adaptive","display":"summarized"}}"#, "high", 32_768
            ),
            (
                "us.anthropic.claude-sonnet-4-5-20250929-v1:0", .low, nil,
                #"{"thinking":{"type":"enabled","budget_tokens":4096}}"#, nil, 12_288
            ),
            ("anthropic.claude-opus-4-6-v1", ReasoningEffort.none, nil, #"{"thinking":{"type":"disabled"}}"#, nil, nil),
            ("openai.gpt-oss-120b-1:0", .minimal, nil, #"{"reasoning_effort":"low"}"#, nil, nil),
            ("us.amazon.nova-pro-v1:0", nil, 5, #"{"inferenceConfig":{"topK":5}}"#, nil, nil),
            ("mistral.mistral-large-2407-v1:0", nil, 5, #"{"top_k":5}"#, nil, nil),
        ] as [(String, ReasoningEffort?, Int?, String, String?, Int64?)]
    )
    func families(
        model: String,
        effort: ReasoningEffort?,
        topK: Int?,
        fields: String,
        level: String?,
        maxTokens: Int64?
    ) throws {
        let body = try self.body {
            $0.model = model
            $0.reasoning = effort
            $0.topK = topK
        }
        #expect(body["additionalModelRequestFields"] == json(fields))
        #expect(body["outputConfig"] == level.map { ["effort": .string($0)] })
        #expect(body["inferenceConfig"] == maxTokens.map { ["maxTokens": .integer($0)] })
    }

    @Test("Turns are merged, results come first, reasoning returns with its proof")
    func turns() throws {
        let body = try self.body {
            $0.tools = [ToolDefinition(name: "f")]
            $0.messages = [
                ChatMessage(.system, "One"), ChatMessage(.user, "a"), ChatMessage(.system, "Two"),
                ChatMessage(.user, parts: [.text("b"), .text("")]),
                ChatMessage(
                    .assistant,
                    parts: [
                        .reasoning(Reasoning(text: "hm", signature: "sig")),
                        .reasoning(Reasoning(text: "", encrypted: "QQ==")), .reasoning(Reasoning(text: "unproven")),
                        .text("Look:"), .toolCall(ToolCall(id: "t1", name: "f", arguments: #"{"b":1,"a":[2]}"#)),
                        .toolCall(ToolCall(id: "a|b", name: "g", arguments: "")),
                    ]
                ), ChatMessage(.user, "and"),
                ChatMessage(
                    .tool,
                    parts: [
                        .toolResult(ToolResult(callID: "t1", parts: [.text("r")])),
                        .toolResult(ToolResult(callID: "a|b", parts: [], isError: true)),
                    ]
                ),
            ]
        }
        let id = try #require(
            body["messages"]?.array?[1]["content"]?.array?.last?["toolUse"]?["toolUseId"]?.string
        )
        #expect(id.wholeMatch(of: /[a-zA-Z0-9_.:-]{1,64}/) != nil)
        #expect(body["system"] == json(#"[{"text":"One"},{"text":"Two"}]"#))
        #expect(
            body["messages"]
                == json(
                    #"""
                    [{"role":"user","content":[{"text":"a"},{"text":"b"}]},
                     {"role":"assistant","content":[
                       {"reasoningContent":{"reasoningText":{"text":"hm","signature":"sig"}}},
                       {"reasoningContent":{"redactedContent":"QQ=="}},{"text":"Look:"},
                       {"toolUse":{"toolUseId":"t1","name":"f","input":{"b":1,"a":[2]}}},
                       {"toolUse":{"toolUseId":"\#(id)","name":"g","input":{}}}]},
                     {"role":"user","content":[
                       {"toolResult":{"toolUseId":"t1","content":[{"text":"r"}],"status":"success"}},
                       {"toolResult":{"toolUseId":"\#(id)","content":[],"status":"error"}},{"text":"and"}]}]
                    """#
                )
        )
    }

    @Test("Images and documents by their bytes and in Amazon's own store")
    func media() throws {
        let body = try self.body {
            $0.messages = [
                ChatMessage(
                    .user,
                    parts: [
                        .image(Media(type: "image/jpg", source: .base64("QQ=="), detail: "auto")),
                        .image(Media(type: "image/png", source: .url("s3://bucket/a.png"))),
                        .file(
                            Media(type: "application/pdf", source: .base64("JVBERg=="), name: "Q3/Übersicht  (1).pdf")
                        ),
                        .file(Media(type: "text/markdown", source: .base64("QQ=="))),
                        .file(Media(type: "text/csv", source: .base64("QQ=="), name: "***")),
                    ]
                )
            ]
        }
        #expect(
            body["messages"]
                == json(
                    #"""
                    [{"role":"user","content":[
                      {"image":{"format":"jpeg","source":{"bytes":"QQ=="}}},
                      {"image":{"format":"png","source":{"s3Location":{"uri":"s3://bucket/a.png"}}}},
                      {"document":{"format":"pdf","name":"Q3 bersicht (1) pdf","source":{"bytes":"JVBERg=="}}},
                      {"document":{"format":"md","name":"document","source":{"bytes":"QQ=="}}},
                      {"document":{"format":"csv","name":"document (2)","source":{"bytes":"QQ=="}}}]}]
                    """#
                )
        )
    }

    @Test("Tools keep their order and their schema's; which one must be called")
    func tools() throws {
        let tools = [
            ToolDefinition(name: "z", description: "Does z", parameters: ["type": "object", "a": 1], isStrict: true),
            ToolDefinition(name: "a", description: ""),
        ]
        #expect(
            try self.body { $0.tools = tools }["toolConfig"]?.text
                == #"{"tools":[{"toolSpec":{"name":"z","description":"Does z","inputSchema":{"json":{"type":"object","a":1}},"#
                + #""strict":true}},{"toolSpec":{"name":"a","inputSchema":{"json":{"type":"object","properties":{}}}}}]}"#
        )
        for (choice, expected) in [
            (ToolChoice.auto, #"{"auto":{}}"#), (.required, #"{"any":{}}"#), (.tool("z"), #"{"tool":{"name":"z"}}"#),
        ] {
            let body = try self.body {
                $0.tools = tools
                $0.toolChoice = choice
            }
            #expect(body["toolConfig"]?["toolChoice"] == json(expected))
        }
        let none = try self.body {
            $0.tools = tools
            $0.toolChoice = ToolChoice.none
        }
        #expect(none["toolConfig"] == nil)
    }

    @Test("What the API cannot do is refused by name")
    func refusals() {
        let endpoint = Self.endpoint()
        let calls = [
            ChatMessage(.user, "a"),
            ChatMessage(.assistant, parts: [.toolCall(ToolCall(id: "1", name: "f", arguments: "{}"))]),
        ]
        let changes: [(String, (inout ChatRequest) -> Void)] = [
            ("seed", { $0.seed = 1 }), ("frequency_penalty", { $0.frequencyPenalty = 1 }),
            ("presence_penalty", { $0.presencePenalty = 1 }), ("log-probabilities", { $0.topLogProbabilities = 2 }),
            ("temperature above 1", { $0.temperature = 2 }), ("parallel", { $0.allowsParallelCalls = false }),
            ("JSON without a schema", { $0.format = .json }), ("top_k for this model", { $0.topK = 1 }),
            ("reasoning effort for this model", { $0.reasoning = .low }),
            (
                "reasoning effort for this model",
                {
                    $0.model = "openai.gpt-oss-20b-1:0"
                    $0.reasoning = .tokens(9)
                }
            ),
            (
                "tool_choice: none after calls",
                {
                    $0.messages = calls
                    $0.tools = [ToolDefinition(name: "f")]
                    $0.toolChoice = ToolChoice.none
                }
            ), ("calls without the tools", { $0.messages = calls }),
            ("a choice among no tools", { $0.toolChoice = .required }),
        ]
        for (words, change) in changes { self.play.expectRefused(words, to: endpoint) { change(&$0) } }
        let parts: [(String, ChatMessage.Role, ContentPart)] = [
            ("images by their address", .user, .image(Media(type: "image/png", source: .url("https://e.com")))),
            ("images by an id", .user, .image(Media(type: "image/png", source: .id("x")))),
            ("images of type image/tiff", .user, .image(Media(type: "image/tiff", source: .base64("QQ==")))),
            ("images of type unknown", .user, .image(Media(type: nil, source: .base64("QQ==")))),
            ("low detail", .user, .image(Media(type: "image/png", source: .base64("QQ=="), detail: "low"))),
            ("files by their address", .user, .file(Media(type: "text/plain", source: .url("https://e.com")))),
            ("files of type application/zip", .user, .file(Media(type: "application/zip", source: .base64("QQ==")))),
            ("system message", .system, .image(Media(type: "image/png", source: .base64("QQ==")))),
            ("assistant's message", .assistant, .image(Media(type: "image/png", source: .base64("QQ==")))),
            ("user's message", .user, .reasoning(Reasoning(text: "x"))),
            ("beside a tool's result", .tool, .text("x")),
            ("not a JSON object", .assistant, .toolCall(ToolCall(id: "1", name: "f", arguments: "nonsense"))),
        ]
        for (words, role, part) in parts {
            self.play.expectRefused(words, to: endpoint) { $0.messages = [ChatMessage(role, parts: [part])] }
        }
    }

    @Test("How many tokens a request takes; no models are listed at this host")
    func questions() throws {
        let dialect = BedrockDialect()
        #expect(try dialect.modelsRequest(to: Self.endpoint()) == nil)
        var request = self.play.request
        request.maxTokens = 5
        let question = try #require(try dialect.tokenCountRequest(request, to: Self.endpoint()))
        #expect(question.url == "https://bedrock-runtime.us-west-2.amazonaws.com/model/m/count-tokens")
        #expect(
            try JSONValue(parsing: #require(question.body))
                == json(#"{"input":{"converse":{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}}}"#)
        )
        #expect(try dialect.tokenCount(from: Array(#"{"inputTokens":9}"#.utf8)) == 9)
        #expect(throws: BridgeError.self) { try dialect.tokenCount(from: Array("{}".utf8)) }
    }
}
