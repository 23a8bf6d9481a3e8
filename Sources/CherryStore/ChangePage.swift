/// A stretch of the change feed.
public struct ChangePage: Sendable {
    /// Rows in order of position, each as it is now.
    public let records: [StoredRecord]
    /// Ask from here next. Equal to the given position when nothing is new.
    public let next: Int64
    /// Whether more is waiting.
    public let hasMore: Bool
    /// Whether tombstones after the given position may have been purged, or the position is not of this store: the
    /// reader must start over from 0 and drop what it does not see again. Such a page holds no records, and `next` is 0.
    public let isStale: Bool

    /// Describes a stretch.
    public init(records: [StoredRecord], next: Int64, hasMore: Bool, isStale: Bool) {
        self.records = records
        self.next = next
        self.hasMore = hasMore
        self.isStale = isStale
    }
}
