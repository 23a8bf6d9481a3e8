/// The kinds of the records before a place, as eight runs of up to 4,095 records of one kind each: when records in between
/// can no longer be read, what follows them still says what they were.
struct KindTrail: Hashable, Sendable {
    private static let runs = 8
    private static let longestRun: UInt64 = 0xFFF

    /// Sixteen bits a run, the last one lowest: the kind in four bits, and above it how many.
    var rawValue: UInt128 = 0

    /// Goes past records of one kind. The same whether they are passed one by one or together.
    mutating func append(_ kind: JournalKind, _ count: UInt64 = 1) {
        var left = count
        while left > 0 {
            let run = UInt64(truncatingIfNeeded: self.rawValue & 0xFFFF)
            let room = run & 0xF == UInt64(kind.rawValue) ? Self.longestRun - run >> 4 : 0
            if room == 0 {
                self.rawValue = self.rawValue << 16 | UInt128(kind.rawValue)
            } else {
                self.rawValue += UInt128(min(room, left)) << 4
                left -= min(room, left)
            }
        }
    }

    /// The kind of the record `distance` before this place; 1 is the one right before it.
    func kind(_ distance: UInt64) -> JournalKind? {
        guard distance > 0 else { return nil }
        var left = distance
        for place in 0..<Self.runs {
            let run = UInt64(truncatingIfNeeded: self.rawValue >> (16 * place) & 0xFFFF)
            if left <= run >> 4 { return JournalKind(rawValue: UInt8(run & 0xF)) }
            left -= run >> 4
        }
        return nil
    }
}
