import CherryCore

/// The APIs that list models.
enum ModelListAPI: Sendable, Hashable, CaseIterable {
    case openAI, anthropic, gemini, ollama, bedrock, mistral

    static let contextLength = 128_000

    /// The list in which `models` are on offer.
    func list(_ models: [String]) -> JSONValue {
        switch self {
        case .openAI:
            return [
                "object": "list",
                "data": .array(
                    models.map {
                        [
                            "id": .string($0), "object": "model", "created": .count(Moment.seconds),
                            "owned_by": "scripted",
                        ]
                    }
                ),
            ]
        case .mistral:
            return [
                "object": "list",
                "data": .array(
                    models.map {
                        [
                            "id": .string($0), "object": "model", "created": .count(Moment.seconds),
                            "owned_by": "mistralai", "max_context_length": .count(Self.contextLength),
                            "capabilities": ["completion_chat": true, "function_calling": true, "vision": true],
                        ]
                    }
                ),
            ]
        case .anthropic:
            return [
                "data": .array(
                    models.map {
                        [
                            "type": "model", "id": .string($0), "display_name": .string($0),
                            "created_at": .string(Moment.text),
                        ]
                    }
                ),
                "has_more": false, "first_id": models.first.map { .string($0) } ?? .null,
                "last_id": models.last.map { .string($0) } ?? .null,
            ]
        case .gemini:
            return [
                "models": .array(
                    models.map {
                        [
                            "name": .string("models/\($0)"), "displayName": .string($0),
                            "inputTokenLimit": .count(Self.contextLength), "outputTokenLimit": 8192,
                            "supportedGenerationMethods": ["generateContent", "countTokens", "embedContent"],
                        ]
                    }
                )
            ]
        case .ollama:
            return [
                "models": .array(
                    models.map {
                        [
                            "name": .string($0), "model": .string($0), "modified_at": .string(Moment.text),
                            "size": 1, "digest": "0", "details": ["family": "scripted", "parameter_size": "1B"],
                        ]
                    }
                )
            ]
        case .bedrock:
            return [
                "modelSummaries": .array(
                    models.map {
                        [
                            "modelId": .string($0), "modelName": .string($0), "providerName": "Scripted",
                            "inputModalities": ["TEXT"], "outputModalities": ["TEXT"],
                            "responseStreamingSupported": true,
                        ]
                    }
                )
            ]
        }
    }
}
