import CherryCore
import Foundation

/// What a request is for, by its method and path.
enum Route: Sendable, Hashable {
    /// A chat; model and kind of answer where the path tells them, else they are in the body.
    case chat(ProviderAPI, model: String?, isStreamed: Bool?)
    case tokenCount(ProviderAPI)
    case embeddings(EmbeddingsAPI, model: String?)
    case models(ModelListAPI)
    case putScript
    case report(id: String?)
    case forget
    case nothing

    init(method: String, target: String, speaksAnthropic: Bool) {
        let path = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        let parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        switch method {
        case "POST": self = Self.post(parts)
        case "GET" where parts.first == "report": self = .report(id: parts.dropFirst().first)
        case "GET": self = Self.list(parts, speaksAnthropic: speaksAnthropic).map { .models($0) } ?? .nothing
        case "PUT" where parts == ["script"]: self = .putScript
        case "DELETE" where parts == ["report"]: self = .forget
        default: self = .nothing
        }
    }

    private static func post(_ parts: [String]) -> Route {
        let isAzure = parts.first == "openai"
        let deployment = parts.count > 2 && parts[..<2] == ["openai", "deployments"] ? parts[2] : nil
        let isMistral = parts.first == "mistral"
        if parts == ["api", "chat"] { return .chat(.ollama, model: nil, isStreamed: nil) }
        if parts == ["api", "embed"] { return .embeddings(.ollama, model: nil) }
        if parts.count == 3, parts[0] == "model" { return self.bedrock(model: parts[1], action: parts[2]) }
        if parts.count > 1, parts[parts.count - 2] == "models" { return self.gemini(parts[parts.count - 1]) }
        switch (parts.dropLast().last, parts.last) {
        case ("chat", "completions"):
            return .chat(isAzure ? .azure : isMistral ? .mistral : .openAI, model: deployment, isStreamed: nil)
        case (_, "responses"): return .chat(.responses, model: nil, isStreamed: nil)
        case ("messages", "count_tokens"): return .tokenCount(.anthropic)
        case (_, "messages"): return .chat(.anthropic, model: nil, isStreamed: nil)
        case (_, "embeddings"): return .embeddings(isMistral ? .mistral : .openAI, model: deployment)
        default: return .nothing
        }
    }

    private static func bedrock(model: String, action: String) -> Route {
        switch action {
        case "converse": .chat(.bedrock, model: model, isStreamed: false)
        case "converse-stream": .chat(.bedrock, model: model, isStreamed: true)
        case "invoke": .embeddings(.bedrock, model: model)
        default: .nothing
        }
    }

    private static func gemini(_ last: String) -> Route {
        let parts = last.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return .nothing }
        switch parts[1] {
        case "generateContent": return .chat(.gemini, model: parts[0], isStreamed: false)
        case "streamGenerateContent": return .chat(.gemini, model: parts[0], isStreamed: true)
        case "countTokens": return .tokenCount(.gemini)
        case "embedContent": return .embeddings(.geminiOne, model: parts[0])
        case "batchEmbedContents": return .embeddings(.geminiMany, model: parts[0])
        default: return .nothing
        }
    }

    private static func list(_ parts: [String], speaksAnthropic: Bool) -> ModelListAPI? {
        switch parts {
        case ["api", "tags"]: .ollama
        case ["foundation-models"]: .bedrock
        case ["v1beta", "models"]: .gemini
        case ["mistral", "v1", "models"]: .mistral
        case _ where parts.last == "models": speaksAnthropic ? .anthropic : .openAI
        default: nil
        }
    }
}
