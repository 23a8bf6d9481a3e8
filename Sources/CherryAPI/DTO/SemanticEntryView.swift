import CherryBridge
import CherryCore

/// A kept answer as it is sent: the question, for its owner to judge, and not the answer.
struct SemanticEntryView: Encodable, Sendable {
    /// From the least to the most.
    struct Similarity: Encodable, Sendable {
        let least: Double
        let most: Double
    }

    let id: RecordID
    let tokenID: RecordID
    let model: String
    let embeddings: String?
    let question: String
    let keptAt: Timestamp
    let expiresAt: Timestamp
    let bytes: Int
    let hits: Int
    let lastHitAt: Timestamp?
    let similarity: Similarity?

    /// Shows an entry.
    init(_ entry: SemanticEntry) {
        self.id = entry.id
        self.tokenID = entry.tokenID
        self.model = entry.model
        self.embeddings = entry.embeddings
        self.question = entry.question
        self.keptAt = entry.keptAt
        self.expiresAt = entry.expiresAt
        self.bytes = entry.bytes
        self.hits = entry.hits
        self.lastHitAt = entry.lastHitAt
        self.similarity = entry.similarity.map { Similarity(least: $0.lowerBound, most: $0.upperBound) }
    }
}
