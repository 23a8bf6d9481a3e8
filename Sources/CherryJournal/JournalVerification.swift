/// What reading all of a journal's files again brought to light.
public struct JournalVerification: Sendable, Hashable {
    /// Something that is not as it must be.
    public enum Problem: Sendable, Hashable {
        /// The figures in the heads of segments are not those of the records between them.
        case figures
        /// What is on disk for a destination is not what its account says.
        case counts(destination: String)
        /// A destination's ledger does not add up.
        case ledger(destination: String)
    }

    /// Records whose checksums hold.
    public internal(set) var records = 0
    /// Records that are not what was written.
    public internal(set) var damaged = 0
    /// Records whose checksum holds and whose seal does not open.
    public internal(set) var unsealed = 0
    public internal(set) var problems: [Problem] = []
    public let ledger: [JournalLedger]

    init(ledger: [JournalLedger]) { self.ledger = ledger }

    /// Whether nothing is wrong.
    public var isSound: Bool { self.damaged == 0 && self.unsealed == 0 && self.problems.isEmpty }
}
