/// Somebody who is sent what the journal keeps.
public protocol JournalDestination: Sendable {
    /// Lower-case letters, digits and hyphens: `loki`. Names the destination in the ledger, for ever.
    var name: String { get }
    var kinds: Set<JournalKind> { get }
    /// How much one delivery may hold.
    var limits: DeliveryLimits { get }

    /// Sends records, in their order, and says what came of each.
    ///
    /// Cancelling ends the attempt; its records are tried again.
    /// - Parameter records: at least one, within `limits`.
    /// - Returns: one outcome per record, in the records' order.
    func deliver(_ records: [JournalRecord]) async -> Delivery
}

public struct DeliveryLimits: Sendable, Hashable {
    public var records: Int
    /// Bytes of the payloads together; a single larger record is delivered alone.
    public var bytes: Int

    public init(records: Int, bytes: Int) {
        self.records = records
        self.bytes = bytes
    }
}

/// What came of one attempt.
public struct Delivery: Sendable, Hashable {
    /// One for each record.
    public var outcomes: [DeliveryOutcome]
    /// The destination asked to be left alone for so long, whatever the outcomes are.
    public var pause: Duration?

    public init(_ outcomes: [DeliveryOutcome], pause: Duration? = nil) {
        self.outcomes = outcomes
        self.pause = pause
    }
}

/// What came of one record. A reason is a short name from a closed set, such as `http_400`; it never holds content.
public enum DeliveryOutcome: Sendable, Hashable {
    /// The destination has it.
    case sent
    /// Not now; it is tried again, later.
    case retry(reason: String)
    /// The destination will never take it; it is put aside for a person to look at.
    case quarantine(reason: String)
    /// Its protocol demands that it be thrown away; that is counted.
    case drop(reason: String)
}
