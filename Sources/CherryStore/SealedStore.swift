public import CherryCore
public import Foundation

/// A record's plaintext type: says which collection it lives in.
public protocol SealedRecord: Codable, Sendable {
    static var collection: RecordCollection { get }
    var id: RecordID { get }
    /// The record that this one belongs to.
    var scope: RecordID? { get }
}

extension SealedRecord {
    public var scope: RecordID? { nil }
}

extension Conversation: SealedRecord {
    public static var collection: RecordCollection { .conversations }
}
extension Message: SealedRecord {
    public static var collection: RecordCollection { .messages }
    public var scope: RecordID? { self.conversationID }
}
extension Persona: SealedRecord {
    public static var collection: RecordCollection { .personas }
}
extension Preference: SealedRecord {
    public static var collection: RecordCollection { .preferences }
}
extension Provider: SealedRecord {
    public static var collection: RecordCollection { .providers }
}
extension StoredSecret: SealedRecord {
    public static var collection: RecordCollection { .secrets }
}
extension Device: SealedRecord {
    public static var collection: RecordCollection { .devices }
}
extension AuditEvent: SealedRecord {
    public static var collection: RecordCollection { .audit }
}

/// An opened record with the version to base the next write on.
public struct Versioned<Value: Sendable>: Sendable {
    public var value: Value
    public let version: Int64
    public let position: Int64
    public let changedAt: Timestamp

    /// Joins a value with its version.
    public init(value: Value, version: Int64, position: Int64, changedAt: Timestamp) {
        self.value = value
        self.version = version
        self.position = position
        self.changedAt = changedAt
    }
}

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
