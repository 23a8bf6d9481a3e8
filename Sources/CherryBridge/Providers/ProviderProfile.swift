public import CherryCore

/// What a kind of provider is, for whoever adds one.
public struct ProviderProfile: Sendable, Hashable {
    public let kind: Provider.Kind
    /// Such as `Anthropic`.
    public let name: String
    /// The address that nearly everybody enters; `nil` where each user has another.
    public let baseURL: String?
    /// What an address looks like.
    public let example: String
    /// What the key is, in words; `nil` where none is needed.
    public let key: String?
    public let hasEmbeddings: Bool

    /// All kinds, in the order in which they are offered.
    public static let all: [ProviderProfile] = Provider.Kind.allCases.map(Self.init)

    /// Describes a kind.
    public init(_ kind: Provider.Kind) {
        self.kind = kind
        switch kind {
        case .openAI:
            self.name = "OpenAI, or any server with its API"
            self.baseURL = "https://api.openai.com/v1"
            self.example = "https://api.openai.com/v1"
            self.key = "an API key, where the server wants one"
            self.hasEmbeddings = true
        case .openAIResponses:
            self.name = "OpenAI (Responses)"
            self.baseURL = "https://api.openai.com/v1"
            self.example = "https://api.openai.com/v1"
            self.key = "an API key"
            self.hasEmbeddings = true
        case .anthropic:
            self.name = "Anthropic"
            self.baseURL = "https://api.anthropic.com/v1"
            self.example = "https://api.anthropic.com/v1"
            self.key = "an API key"
            self.hasEmbeddings = false
        case .gemini:
            self.name = "Google Gemini"
            self.baseURL = "https://generativelanguage.googleapis.com/v1beta"
            self.example = "https://generativelanguage.googleapis.com/v1beta"
            self.key = "an API key"
            self.hasEmbeddings = true
        case .mistral:
            self.name = "Mistral"
            self.baseURL = "https://api.mistral.ai/v1"
            self.example = "https://api.mistral.ai/v1"
            self.key = "an API key"
            self.hasEmbeddings = true
        case .ollama:
            self.name = "Ollama"
            self.baseURL = "http://127.0.0.1:11434"
            self.example = "http://127.0.0.1:11434"
            self.key = nil
            self.hasEmbeddings = true
        case .azure:
            self.name = "Azure OpenAI"
            self.baseURL = nil
            self.example = "https://NAME.openai.azure.com"
            self.key = "a key of the resource"
            self.hasEmbeddings = true
        case .bedrock:
            self.name = "AWS Bedrock"
            self.baseURL = nil
            self.example = "https://bedrock-runtime.REGION.amazonaws.com"
            self.key = "ACCESS_KEY_ID:SECRET_ACCESS_KEY, and :SESSION_TOKEN where there is one"
            self.hasEmbeddings = false
        }
    }
}
