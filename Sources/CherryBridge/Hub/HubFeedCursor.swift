/// How far one connection has followed the change feed.
///
/// Events are read from the feed when the connection has room for them, never before: a slow one falls behind, loses
/// nothing, and of a record that changes often it sees the last state.
struct HubFeedCursor: Sendable, Hashable {
    /// Everything up to here was read; `nil` while no topic of the feed is followed.
    var position: Int64?
    /// Where a client that came back wants to go on.
    var resume: Int64?
    var isReading = false
    /// Whether what is being read is not what is wanted any more, and must be read again.
    var isVoid = false
    /// The newest position at the time of the last read: nothing more is there until it moves.
    var readUpTo: Int64 = -1
}
