public import CherryCore
public import CherryNet

extension HTTPProvider {
    /// The provider that a record describes.
    ///
    /// - Throws: `BridgeError` with code `.unsupported` for a kind that this program does not speak to.
    public init(_ provider: Provider, key: Secret<String>?, transport: HTTPTransport) throws {
        self.init(
            try Self.dialect(of: provider.kind),
            at: ProviderEndpoint(baseURL: provider.baseURL, key: key),
            transport: transport
        )
    }

    private static func dialect(of kind: Provider.Kind) throws -> any ProviderDialect {
        switch kind {
        case .openAI: OpenAIChatDialect()
        case .openAIResponses: OpenAIResponsesDialect()
        case .mistral: MistralDialect()
        case .azure: AzureOpenAIDialect()
        case .anthropic, .gemini, .ollama, .bedrock:
            throw BridgeError(
                .unsupported,
                message: "This program does not speak to providers of the kind \(kind.rawValue).",
                hint: "Use a newer version of it, or reach the provider through an OpenAI-compatible address."
            )
        }
    }
}
