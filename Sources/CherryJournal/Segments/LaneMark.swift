/// A place in a lane, with what was written before it: the figure that a ledger is checked against.
struct LaneMark: Hashable, Sendable {
    /// Records of the lane before this place.
    var position: UInt64 = 0
    /// How many there were of each kind.
    var written = [UInt64](repeating: 0, count: JournalKind.room)
    var trail = KindTrail()

    init() {}

    /// Goes past records of one kind.
    mutating func pass(_ kind: JournalKind, _ count: UInt64 = 1) {
        self.position += count
        self.written[kind.index] += count
        self.trail.append(kind, count)
    }

    func encode(into writer: inout ByteWriter) {
        writer.put(self.position)
        for count in self.written { writer.put(count) }
        writer.put(self.trail.rawValue)
    }

    init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        self.position = try reader.number()
        for index in self.written.indices { self.written[index] = try reader.number() }
        self.trail.rawValue = try reader.number()
    }
}
