/// What became of a record for good.
struct Settlement: Sendable, Hashable {
    enum Fate: Sendable, Hashable {
        case sent
        case quarantined(reason: String)
        case dropped(reason: String)
    }

    let key: RecordKey
    let fate: Fate
}
