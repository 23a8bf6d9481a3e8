import CherryCore

/// A segment as the journal knows it while it runs.
struct Segment: Sendable {
    let sequence: UInt64
    let path: String
    /// The position of its first record.
    var first: UInt64
    var slots = SlotTable()
    /// Bytes that it takes of the journal's size.
    var size: Int

    /// One more than the position of its last record.
    var end: UInt64 { self.first + UInt64(self.slots.count) }

    static func path(_ folder: String, _ lane: JournalLane, _ sequence: UInt64) -> String {
        "\(folder)/\(lane)-\(sequence.hexadecimal)"
    }

    /// Takes apart the name that `path` gave.
    static func parse(_ name: String) -> (lane: JournalLane, sequence: UInt64)? {
        for lane in JournalLane.allCases where name.hasPrefix("\(lane)-") {
            let digits = name.dropFirst("\(lane)-".count)
            guard digits.utf8.count == 16, let sequence = UInt64(digits, radix: 16) else { return nil }
            return (lane, sequence)
        }
        return nil
    }
}
