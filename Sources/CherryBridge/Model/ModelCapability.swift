/// Something that a model can do besides reading and writing text.
public enum ModelCapability: String, Sendable, Hashable, Codable, CaseIterable {
    case tools, images, files, audio, reasoning, structuredOutput, embeddings
}
