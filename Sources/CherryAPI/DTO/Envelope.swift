import CherryCore
import CherryStore

/// A record as it is sent: its value with what a client needs to base a write on.
struct Envelope<Value: Encodable & Sendable>: Encodable, Sendable {
    let id: RecordID
    let version: Int64
    let position: Int64
    let changedAt: Timestamp
    let collection: RecordCollection
    let value: Value
}

extension Envelope where Value: SealedRecord {
    /// Wraps a record whose stored form is the form sent.
    init(_ record: Versioned<Value>) {
        self.init(record, as: record.value)
    }
}

extension Envelope {
    /// Wraps a record that is sent in another form than it is stored.
    init<Record: SealedRecord>(_ record: Versioned<Record>, as value: Value) {
        self.id = record.value.id
        self.version = record.version
        self.position = record.position
        self.changedAt = record.changedAt
        self.collection = Record.collection
        self.value = value
    }
}
