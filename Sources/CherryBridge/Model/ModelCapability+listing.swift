import CherryCore

extension ModelCapability {
    /// What an entry of a provider's list of models says that the model can do; `nil` when it says nothing of it.
    ///
    /// Read are the forms of Anthropic (`capabilities` with `supported`), Mistral (`capabilities` with yes or no), Ollama and
    /// llama.cpp (`capabilities` as names), OpenRouter (`architecture`, `supported_parameters`) and Gemini
    /// (`supportedGenerationMethods`).
    static func told(by entry: JSONValue) -> Set<ModelCapability>? {
        self.named(by: entry["capabilities"]) ?? self.routed(by: entry) ?? self.generated(by: entry)
    }

    private static let names: [String: ModelCapability] = [
        "function_calling": .tools, "tools": .tools, "vision": .images, "image_input": .images, "multimodal": .images,
        "pdf_input": .files, "audio": .audio, "thinking": .reasoning, "reasoning": .reasoning,
        "structured_outputs": .structuredOutput, "embedding": .embeddings, "embeddings": .embeddings,
    ]

    private static func named(by capabilities: JSONValue?) -> Set<ModelCapability>? {
        if let list = capabilities?.array?.compactMap(\.string), !list.isEmpty {
            return Set(list.compactMap { self.names[$0] })
        }
        guard let members = capabilities?.object else { return nil }
        var isTold = false
        var found: Set<ModelCapability> = []
        for (name, value) in members {
            guard let capability = self.names[name], let can = value.bool ?? value["supported"]?.bool else { continue }
            isTold = true
            if can { found.insert(capability) }
        }
        // Anthropic says nothing of tools, which all of its models can use.
        if members["image_input"] != nil { found.insert(.tools) }
        return isTold ? found : nil
    }

    private static func routed(by entry: JSONValue) -> Set<ModelCapability>? {
        let kinds = entry["architecture"]?["input_modalities"]?.array?.compactMap(\.string)
        let parameters = entry["supported_parameters"]?.array?.compactMap(\.string)
        guard kinds != nil || parameters != nil else { return nil }
        let told: [(Bool, ModelCapability)] = [
            (kinds?.contains("image") == true, .images), (kinds?.contains("file") == true, .files),
            (kinds?.contains("audio") == true, .audio), (parameters?.contains("tools") == true, .tools),
            (parameters?.contains("reasoning") == true, .reasoning),
            (parameters?.contains("structured_outputs") == true, .structuredOutput),
        ]
        return Set(told.compactMap { $0.0 ? $0.1 : nil })
    }

    /// Gemini says only whether a model makes text or vectors, so of one that makes text nothing is told.
    private static func generated(by entry: JSONValue) -> Set<ModelCapability>? {
        guard let methods = entry["supportedGenerationMethods"]?.array?.compactMap(\.string),
            !methods.contains("generateContent")
        else { return nil }
        return [.embeddings]
    }
}
