public import CherryCore

/// What is to be done after the hub has decided.
public enum HubAction: Sendable, Hashable {
    /// Something waits for a connection: take it when it can be written.
    case wake(HubConnectionID)
    /// Close a connection; the hub has let go of it already.
    case close(HubConnectionID, HubClosing)
    /// Read the change feed and hand in the page, or that it could not be read.
    case readFeed(HubFeedRead)
    /// Tell the other processes of this hub, then say that it was told.
    case publish(HubBroadcast)
}

/// A stretch of the change feed that is wanted.
public struct HubFeedRead: Sendable, Hashable {
    public let connection: HubConnectionID
    public let since: Int64
    public let limit: Int
    /// The collections whose changes are wanted.
    public let collections: Set<RecordCollection>
    /// Whether to say what the records say.
    public let wantsContent: Bool
}
