public import CherryCore
import Foundation

/// Several puts and deletes that are stored together or not at all.
public struct SealedBatch: Sendable {
    /// One write before it is sealed.
    struct Step: Sendable {
        let collection: RecordCollection
        let id: RecordID
        let scope: RecordID?
        var baseVersion: Int64
        /// The JSON to seal; `nil` deletes.
        let plaintext: Data?
    }

    private(set) var steps: [Step] = []

    /// Creates an empty batch.
    public init() {}

    /// Whether there is nothing to do.
    public var isEmpty: Bool { self.steps.isEmpty }

    /// How many writes it holds.
    public var count: Int { self.steps.count }

    /// Adds a record.
    ///
    /// - Parameter version: the version that the writer saw; 0 makes the record, also where only a tombstone is left.
    public mutating func put(_ value: some SealedRecord, basedOn version: Int64) throws {
        self.steps.append(
            Step(
                collection: type(of: value).collection,
                id: value.id,
                scope: value.scope,
                baseVersion: version,
                plaintext: try RecordCoder.encode(value)
            )
        )
    }

    /// Adds a deletion, which leaves a tombstone.
    ///
    /// - Parameter version: the version that the writer saw.
    public mutating func delete(_ collection: RecordCollection, _ id: RecordID, basedOn version: Int64) {
        self.steps.append(Step(collection: collection, id: id, scope: nil, baseVersion: version, plaintext: nil))
    }

    mutating func rebase(_ index: Int, onto version: Int64) {
        self.steps[index].baseVersion = version
    }
}
