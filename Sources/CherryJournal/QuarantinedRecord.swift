public import CherryCore

/// A record that a destination will never take, or that cannot be read, without what it holds.
public struct QuarantinedRecord: Sendable, Hashable {
    /// Which record of which destination.
    public struct Name: Sendable, Hashable {
        public let destination: String
        /// As in `JournalRecord.id`.
        public let id: String

        public init(destination: String, id: String) {
            self.destination = destination
            self.id = id
        }
    }

    public let destination: String
    public let id: String
    public let kind: JournalKind
    /// When it happened; `nil` when that cannot be read any more.
    public let at: Timestamp?
    /// A short name, such as `http_400` or `damaged`.
    public let reason: String
    /// What it takes in the quarantine's file.
    public let bytes: Int

    public var name: Name { Name(destination: self.destination, id: self.id) }
}
