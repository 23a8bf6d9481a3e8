public import CherryCore

/// One entry of the change feed, as tools may see it.
public struct HubChange: Sendable, Hashable {
    public var position: Int64
    public var collection: RecordCollection
    public var id: RecordID
    /// The record that it belongs to, such as a message's conversation.
    public var scope: RecordID?
    public var version: Int64
    public var isDeleted: Bool
    /// What the record says; `nil` unless it was asked for and is allowed.
    public var value: JSONValue?

    /// Describes a change.
    public init(
        position: Int64,
        collection: RecordCollection,
        id: RecordID,
        scope: RecordID? = nil,
        version: Int64,
        isDeleted: Bool = false,
        value: JSONValue? = nil
    ) {
        self.position = position
        self.collection = collection
        self.id = id
        self.scope = scope
        self.version = version
        self.isDeleted = isDeleted
        self.value = value
    }
}

/// A stretch of the change feed.
public struct HubFeedPage: Sendable, Hashable {
    /// The position that was asked for.
    public var since: Int64
    public var changes: [HubChange]
    /// Where the next stretch begins.
    public var next: Int64
    public var hasMore: Bool
    /// Whether the position asked for is too old, or not of this store.
    public var isStale: Bool

    /// Describes a stretch.
    public init(since: Int64, changes: [HubChange], next: Int64, hasMore: Bool, isStale: Bool) {
        self.since = since
        self.changes = changes
        self.next = next
        self.hasMore = hasMore
        self.isStale = isStale
    }
}
