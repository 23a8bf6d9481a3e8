public import CherryCore

/// An answer that is kept for questions that only say the same in other words, as its owner sees it.
public struct SemanticEntry: Sendable, Hashable {
    public let id: RecordID
    /// Whose answers these are.
    public let tokenID: RecordID
    /// The name that was asked for.
    public let model: String
    /// The model that compared the questions; `nil` when their wording was compared.
    public let embeddings: String?
    public let keptAt: Timestamp
    public let expiresAt: Timestamp
    /// What the user had said last.
    public let question: String
    /// Bytes of everything that is kept of it.
    public let bytes: Int
    /// How often it was given.
    public let hits: Int
    public let lastHitAt: Timestamp?
    /// How alike the questions were to which it was given, from the least to the most; `nil` before the first.
    public let similarity: ClosedRange<Double>?
}
