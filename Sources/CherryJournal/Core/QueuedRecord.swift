/// A record that has been handed out to be delivered.
struct QueuedRecord: Sendable, Hashable {
    let key: RecordKey
    let record: JournalRecord

    var size: Int { self.record.entry.payload.count }
}
