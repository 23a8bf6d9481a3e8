/// A record in the quarantine of one destination.
struct QuarantineKey: Hashable, Sendable, Comparable {
    let destination: String
    let record: RecordKey

    static func < (lhs: QuarantineKey, rhs: QuarantineKey) -> Bool {
        (lhs.destination, lhs.record) < (rhs.destination, rhs.record)
    }
}
