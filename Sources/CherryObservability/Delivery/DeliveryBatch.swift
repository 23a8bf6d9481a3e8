import CherryJournal

/// The lines among some records, and what came of each record.
struct DeliveryBatch: Sendable {
    /// What a payload that is no line gets.
    static let unreadable = DeliveryOutcome.quarantine(reason: "unreadable")

    let lines: [DeliveredLine]
    /// For each line, the place of its record.
    private let places: [Int]
    private let unread: [DeliveryOutcome]

    init(_ records: [JournalRecord]) {
        var lines: [DeliveredLine] = []
        var places: [Int] = []
        for (place, record) in records.enumerated() {
            guard let line = DeliveredLine(record) else { continue }
            lines.append(line)
            places.append(place)
        }
        self.lines = lines
        self.places = places
        self.unread = Array(repeating: Self.unreadable, count: records.count)
    }

    /// The outcomes of all records.
    ///
    /// - Parameter outcomes: one for each line.
    func delivery(_ outcomes: [DeliveryOutcome], pause: Duration? = nil) -> Delivery {
        var all = self.unread
        for (place, outcome) in zip(self.places, outcomes) { all[place] = outcome }
        return Delivery(all, pause: pause)
    }

    /// The same outcome for every line.
    func delivery(all outcome: DeliveryOutcome, pause: Duration? = nil) -> Delivery {
        self.delivery(Array(repeating: outcome, count: self.lines.count), pause: pause)
    }
}
