public import Foundation

/// One entry of the change feed, opened.
public struct Change: Sendable {
    /// The row as the feed has it, with its version and position.
    public let record: StoredRecord
    /// The plaintext JSON; `nil` for a tombstone.
    public let plaintext: Data?

    /// Describes an entry.
    public init(record: StoredRecord, plaintext: Data?) {
        self.record = record
        self.plaintext = plaintext
    }
}
