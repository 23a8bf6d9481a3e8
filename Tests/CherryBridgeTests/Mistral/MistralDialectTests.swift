import CherryCore
import CherryNet
import Testing

@testable import CherryBridge

@Suite("Mistral")
struct MistralDialectTests {
    let dialect = MistralDialect()
    let endpoint = ProviderEndpoint(baseURL: "https://api.mistral.ai/v1", key: Secret("k"))

    private func body(_ request: ChatRequest) throws -> JSONValue {
        try JSONValue(parsing: try self.dialect.chatRequest(request, to: self.endpoint).body ?? [])
    }

    @Test("Every setting has its field, under Mistral's name")
    func settings() throws {
        var request = FullRequest.settings()
        request.topK = 40
        request.toolChoice = .required
        let expected =
            #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"temperature":0.5,"top_p":0.9,"max_tokens":100,"stop":["a","b"],"frequency_penalty":0.1,"presence_penalty":-0.2,"logprobs":true,"top_logprobs":3,"reasoning_effort":"low","tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"x":{"type":"integer"}}},"strict":true}},{"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}],"tool_choice":"any","parallel_tool_calls":false,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"x":{"type":"integer"}}},"strict":true,"description":"e"}},"random_seed":7,"top_k":40}"#
        #expect(try self.body(request).text == expected)
        let sent = try self.dialect.chatRequest(request, to: self.endpoint)
        #expect(sent.url == "https://api.mistral.ai/v1/chat/completions")
        #expect(sent.headers.contains { $0.name == "Authorization" && $0.value == "Bearer k" })
    }

    @Test("A conversation has thinking, files and short ids of calls")
    func messages() throws {
        let (a, b) = (MistralDialect.shortID("call_a"), MistralDialect.shortID("call_b"))
        let expected = doorJSON(
            #"""
            [{"role":"system","content":"Be brief."},
             {"role":"user","content":[{"type":"text","text":"Look"},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
               {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
               {"type":"document_url","document_url":"data:application/pdf;base64,BBBB","document_name":"a.pdf"}]},
             {"role":"assistant","content":[
               {"type":"thinking","thinking":[{"type":"text","text":"hm"}],"closed":true},{"type":"text","text":"I look."}],
              "tool_calls":[{"id":"\#(a)","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}},
                {"id":"\#(b)","type":"function","function":{"name":"g","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"\#(a)","content":"one","name":"f"},
             {"role":"tool","tool_call_id":"\#(b)","content":[{"type":"text","text":"two"},{"type":"text","text":"three"}],"name":"g"},
             {"role":"user","content":"Go on"}]
            """#
        )
        #expect(try self.body(ChatRequest(model: "m", messages: FullRequest.conversation))["messages"] == expected)
    }

    @Test("An answer to be gone on with is called a prefix")
    func prefix() throws {
        let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "Hi"), ChatMessage(.assistant, "The")])
        let expected: JSONValue = ["role": "assistant", "content": "The", "prefix": true]
        #expect(try self.body(request)["messages"]?.array?.last == expected)
    }

    @Test("Ids of calls are nine letters and digits, its own unchanged, others always the same")
    func ids() {
        #expect(MistralDialect.shortID("D681PevKs") == "D681PevKs")
        let ids = (0..<1000).map { MistralDialect.shortID("toolu_01\($0)") }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { $0.count == 9 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })
        #expect(MistralDialect.shortID("toolu_010") == ids[0])
        #expect(MistralDialect.shortID("äöüäöüäöü") != "äöüäöüäöü")
        #expect(MistralDialect.shortID("").count == 9)
    }

    @Test("A stream as Mistral sends it")
    func stream() throws {
        var translator = self.dialect.translator(
            for: ChatRequest(model: "m", messages: []),
            errors: ProviderErrors(key: nil)
        )
        var events: [ChatEvent] = []
        for chunk in [
            #"{"id":"i","object":"chat.completion.chunk","model":"mistral-small","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
            #"{"id":"i","model":"mistral-small","choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}}]}"#,
            #"{"id":"i","model":"mistral-small","choices":[{"index":0,"delta":{"content":"a"}}]}"#,
            #"{"id":"i","model":"mistral-small","choices":[{"index":0,"delta":{"content":"","tool_calls":[{"id":"D681PevKs","function":{"name":"f","arguments":"{}"},"index":0},{"id":"E681PevKs","function":{"name":"g","arguments":"{}"},"index":1}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"total_tokens":8,"completion_tokens":3}}"#,
            "[DONE]",
        ] { events += try translator.receive(StreamedEvent(name: "message", data: chunk)) }
        events += try translator.finish()
        #expect(
            events == [
                .started(id: "i", model: "mistral-small"), .reasoning("hm"), .text("a"),
                .toolCall(index: 0, id: "D681PevKs", name: "f"), .toolArguments(index: 0, "{}"),
                .toolCall(index: 1, id: "E681PevKs", name: "g"), .toolArguments(index: 1, "{}"),
                .usage(TokenUsage(prompt: 5, completion: 3)), .finished(.toolCalls),
            ]
        )
    }

    @Test("Only models that chat or embed are listed, each once")
    func models() throws {
        let list =
            #"{"object":"list","data":[{"id":"a","capabilities":{"completion_chat":true},"max_context_length":32768},{"id":"a","capabilities":{"completion_chat":true}},{"id":"mistral-ocr","capabilities":{"completion_chat":false}},{"id":"mistral-embed","capabilities":{"completion_chat":false},"max_context_length":8192}]}"#
        #expect(
            try self.dialect.models(from: Array(list.utf8)) == [
                ModelDescription(id: "a", contextLength: 32768),
                ModelDescription(id: "mistral-embed", contextLength: 8192),
            ]
        )
        #expect(throws: BridgeError.self) { try self.dialect.models(from: Array("{}".utf8)) }
    }

    @Test("Vectors are asked for under Mistral's name for their length")
    func embeddings() {
        let request = EmbeddingsRequest(model: "mistral-embed", texts: ["a"], dimensions: 3)
        let sent = self.dialect.embeddingsRequest(request, to: self.endpoint)
        #expect(
            String(decoding: sent.body ?? [], as: UTF8.self)
                == #"{"model":"mistral-embed","input":["a"],"output_dimension":3}"#
        )
    }

    @Test("A number of reasoning tokens is refused by name")
    func refused() throws {
        var request = FullRequest.settings()
        request.reasoning = .tokens(5)
        let error = try #require(throws: BridgeError.self) { try self.body(request) }
        #expect(error.code == .unsupported)
        #expect(error.message.contains("Mistral"))
    }
}
