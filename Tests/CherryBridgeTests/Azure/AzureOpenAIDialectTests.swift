import CherryBridge
import CherryCore
import CherryNet
import Testing

@Suite("Azure OpenAI")
struct AzureOpenAIDialectTests {
    let dialect = AzureOpenAIDialect()

    @Test(
        "The address is made from what the user wrote, in the new and the old form",
        arguments: [
            ("https://n.openai.azure.com", "https://n.openai.azure.com/openai/v1/chat/completions"),
            ("https://n.openai.azure.com/", "https://n.openai.azure.com/openai/v1/chat/completions"),
            ("https://n.openai.azure.com/openai/v1/", "https://n.openai.azure.com/openai/v1/chat/completions"),
            ("https://n.openai.azure.com/openai", "https://n.openai.azure.com/openai/v1/chat/completions"),
            (
                "https://n.openai.azure.com/openai/v1?api-version=preview",
                "https://n.openai.azure.com/openai/v1/chat/completions?api-version=preview"
            ),
            (
                "https://n.openai.azure.com?api-version=2024-10-21",
                "https://n.openai.azure.com/openai/deployments/my%20gpt%2F4/chat/completions?api-version=2024-10-21"
            ),
            (
                "https://n.openai.azure.com/openai?x=1&api-version=2024-10-21",
                "https://n.openai.azure.com/openai/deployments/my%20gpt%2F4/chat/completions?x=1&api-version=2024-10-21"
            ),
        ]
    )
    func addresses(base: String, url: String) throws {
        let endpoint = ProviderEndpoint(baseURL: base, key: Secret("k"))
        var request = ChatRequest(model: "my gpt/4", messages: [ChatMessage(.user, "Hi")])
        let sent = try self.dialect.chatRequest(request, to: endpoint)
        #expect(sent.url == url)
        #expect(sent.headers.contains { $0.name == "api-key" && $0.value == "k" })
        #expect(!sent.headers.contains { $0.name == "Authorization" })
        #expect(sent.headers.contains { $0.name == "Accept" && $0.value == "text/event-stream" })
        request.isStreamed = false
        let passed = self.dialect.chatRequest(body: [1], model: "my gpt/4", isStreamed: false, to: endpoint)
        #expect(passed.url == url)
        #expect(passed.body == [1])
        #expect(passed.headers.contains { $0.name == "Accept" && $0.value == "application/json" })
    }

    @Test("Models and vectors are asked for beside it")
    func beside() throws {
        let new = ProviderEndpoint(baseURL: "https://n.openai.azure.com", key: nil)
        let old = ProviderEndpoint(baseURL: "https://n.openai.azure.com?api-version=2024-10-21", key: nil)
        #expect(self.dialect.modelsRequest(to: new)?.url == "https://n.openai.azure.com/openai/v1/models")
        #expect(
            self.dialect.modelsRequest(to: old)?.url
                == "https://n.openai.azure.com/openai/models?api-version=2024-10-21"
        )
        let request = EmbeddingsRequest(model: "e", texts: ["a"], dimensions: 3)
        #expect(
            self.dialect.embeddingsRequest(request, to: new).url == "https://n.openai.azure.com/openai/v1/embeddings"
        )
        let sent = self.dialect.embeddingsRequest(request, to: old)
        #expect(sent.url == "https://n.openai.azure.com/openai/deployments/e/embeddings?api-version=2024-10-21")
        #expect(String(decoding: sent.body ?? [], as: UTF8.self) == #"{"model":"e","input":["a"],"dimensions":3}"#)
    }

    @Test("The body is OpenAI's, and refusals name Azure")
    func body() throws {
        let endpoint = ProviderEndpoint(baseURL: "https://n.openai.azure.com", key: nil)
        let own = try self.dialect.chatRequest(FullRequest.settings(), to: endpoint)
        let openAI = try OpenAIChatDialect().chatRequest(FullRequest.settings(), to: endpoint)
        #expect(own.body == openAI.body)
        var request = FullRequest.settings()
        request.topK = 3
        let error = try #require(throws: BridgeError.self) { try self.dialect.chatRequest(request, to: endpoint) }
        #expect(error.message.contains("Azure OpenAI"))
    }
}
