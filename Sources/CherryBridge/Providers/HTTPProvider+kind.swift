public import CherryCore
public import CherryNet

extension HTTPProvider {
    /// The provider that a record describes.
    public init(_ provider: Provider, key: Secret<String>?, transport: HTTPTransport) {
        self.init(
            Self.dialect(of: provider.kind),
            at: ProviderEndpoint(
                baseURL: provider.baseURL,
                key: key,
                reach: .entered(provider.baseURL, allowsPrivateAddresses: provider.allowsPrivateAddresses)
            ),
            transport: transport
        )
    }

    private static func dialect(of kind: Provider.Kind) -> any ProviderDialect {
        switch kind {
        case .openAI: OpenAIChatDialect()
        case .openAIResponses: OpenAIResponsesDialect()
        case .anthropic: AnthropicDialect()
        case .gemini: GeminiDialect()
        case .mistral: MistralDialect()
        case .ollama: OllamaDialect()
        case .azure: AzureOpenAIDialect()
        case .bedrock: BedrockDialect()
        }
    }
}
