/// How far a destination's records have been handed out since delivery to it began.
struct DestinationReader: Sendable {
    /// The next position of each lane.
    var positions: [UInt64]
    /// Records from quarantine that have been handed out.
    var requeued: Set<RecordKey> = []
    /// Whether debug logs come first in the next batch: it was all other records that filled the last one.
    var isExpendableFirst = false
}
