extension ModelCapability {
    /// What models of well-known families can do, to our knowledge, for providers
    /// whose list does not say; `nil` for others.
    ///
    /// The family is found by the beginning of the name, without the names of maker and region before it
    /// (`anthropic/claude-…`, `eu.anthropic.claude-…`).
    public static func known(of model: String) -> Set<ModelCapability>? {
        let last = model.split(separator: "/").last.map { $0.lowercased() } ?? ""
        let parts = last.split(separator: ".")
        let maker = parts.firstIndex { self.makers.contains(String($0)) }
        let name = maker.map { parts[($0 + 1)...].joined(separator: ".") } ?? last
        return self.families.first { name.hasPrefix($0.prefix) }?.can
    }

    private static let makers: Set<String> = ["anthropic", "mistral", "google"]

    private static let vectors: Set<ModelCapability> = [.embeddings]
    private static let current: Set<ModelCapability> = [.tools, .images, .files, .reasoning, .structuredOutput]

    /// The first that fits counts.
    private static let families: [(prefix: String, can: Set<ModelCapability>)] = [
        ("text-embedding", Self.vectors), ("gemini-embedding", Self.vectors), ("nomic-embed", Self.vectors),
        ("mxbai-embed", Self.vectors), ("mistral-embed", Self.vectors), ("codestral-embed", Self.vectors),
        ("gpt-5", Self.current), ("gpt-4.1", Self.current.subtracting([.reasoning])),
        ("gpt-4o", Self.current.subtracting([.reasoning])),
        ("o3-mini", [.tools, .reasoning, .structuredOutput]), ("o1", Self.current), ("o3", Self.current),
        ("o4-mini", Self.current),
        ("claude-3-7", [.tools, .images, .files, .reasoning]), ("claude-3", [.tools, .images, .files]),
        ("claude-opus-4-2", [.tools, .images, .files, .reasoning]),
        ("claude-opus-4-0", [.tools, .images, .files, .reasoning]),
        ("claude-opus-4-1", [.tools, .images, .files, .reasoning]),
        ("claude-sonnet-4-2", [.tools, .images, .files, .reasoning]),
        ("claude-sonnet-4-0", [.tools, .images, .files, .reasoning]), ("claude-", Self.current),
        ("gemini-2.0", [.tools, .images, .files, .audio, .structuredOutput]),
        ("gemini-", Self.current.union([.audio])),
        ("deepseek-chat", [.tools, .structuredOutput]), ("deepseek-reasoner", [.tools, .reasoning, .structuredOutput]),
    ]
}
