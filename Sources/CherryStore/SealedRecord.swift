public import CherryCore

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
extension ToolServer: SealedRecord {
    public static var collection: RecordCollection { .servers }
}
extension ContextItem: SealedRecord {
    public static var collection: RecordCollection { .context }
}
extension Device: SealedRecord {
    public static var collection: RecordCollection { .devices }
}
extension AuditEvent: SealedRecord {
    public static var collection: RecordCollection { .audit }
}
extension ModelAlias: SealedRecord {
    public static var collection: RecordCollection { .aliases }
}
extension BridgeToken: SealedRecord {
    public static var collection: RecordCollection { .tokens }
}
extension UsageBlock: SealedRecord {
    public static var collection: RecordCollection { .usage }
}
extension ModelPrice: SealedRecord {
    public static var collection: RecordCollection { .prices }
}
