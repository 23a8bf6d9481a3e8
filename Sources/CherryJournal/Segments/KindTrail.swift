/// The kinds of the sixteen records before a place, four bits each, the last one lowest: when records in between can no
/// longer be read, what follows them still says what they were.
struct KindTrail: Hashable, Sendable {
    var rawValue: UInt64 = 0

    mutating func append(_ kind: JournalKind) { self.rawValue = self.rawValue << 4 | UInt64(kind.rawValue) }

    /// The kind of the record `distance` before this place; 1 is the one right before it.
    func kind(_ distance: UInt64) -> JournalKind? {
        guard (1...16).contains(distance) else { return nil }
        return JournalKind(rawValue: UInt8(self.rawValue >> (4 * (distance - 1)) & 0xF))
    }
}
