public import CherryCore

/// Something that must reach every destination that takes its kind.
public struct JournalEntry: Sendable, Hashable {
    public var kind: JournalKind
    /// When it happened, not when it was written down.
    public var at: Timestamp
    /// What the destinations' code understands; the journal seals it and looks no further.
    public var payload: [UInt8]

    public init(kind: JournalKind, at: Timestamp, payload: [UInt8]) {
        self.kind = kind
        self.at = at
        self.payload = payload
    }
}

/// An entry as the journal keeps it.
public struct JournalRecord: Sendable, Hashable {
    /// The same for every attempt to deliver it and after every restart, so that a destination can tell a repetition.
    public let number: UInt128
    public let entry: JournalEntry

    public init(number: UInt128, entry: JournalEntry) {
        self.number = number
        self.entry = entry
    }

    /// The number as 32 lower-case hexadecimal digits.
    public var id: String { self.number.hexadecimal }
}
