import CherryCore

/// Records of one kind that were written together and are sealed as one: sealing each alone would cost more than all the
/// rest of a log line.
///
/// Sealed are, for each record: its time in milliseconds (8 bytes, little-endian), its length (4), its payload.
enum Block {
    /// Records of a block at most. Damage costs a whole block.
    static let recordLimit = 256
    /// Bytes of a block, from which on no further record is put into it.
    private static let byteLimit = 48 << 10
    /// Of each record beside its payload.
    static let overhead = 12

    /// How many of the first of `entries` go into one block; the others come after them.
    static func count(_ entries: ArraySlice<JournalEntry>) -> Int {
        guard let first = entries.first else { return 0 }
        var bytes = 0
        var count = 0
        for entry in entries.prefix(Self.recordLimit) {
            bytes += entry.payload.count + Self.overhead
            if entry.kind != first.kind || (count > 0 && bytes > Self.byteLimit) { break }
            count += 1
        }
        return count
    }

    /// What is sealed of some records.
    static func encode(_ entries: ArraySlice<JournalEntry>) -> [UInt8] {
        var writer = ByteWriter()
        writer.bytes.reserveCapacity(entries.reduce(0) { $0 + $1.payload.count + Self.overhead })
        for entry in entries {
            writer.put(entry.at.milliseconds)
            writer.put(UInt32(entry.payload.count))
            writer.bytes += entry.payload
        }
        return writer.bytes
    }

    /// Reads what `encode` wrote; `nil` when it is not exactly `count` records.
    static func decode(_ bytes: [UInt8], kind: JournalKind, count: Int) -> [JournalEntry]? {
        var reader = ByteReader(bytes[...])
        var entries: [JournalEntry] = []
        entries.reserveCapacity(count)
        do {
            for _ in 0..<count {
                let at = Timestamp(milliseconds: try reader.number())
                let length = Int(try reader.number(UInt32.self))
                entries.append(JournalEntry(kind: kind, at: at, payload: Array(try reader.take(length))))
            }
        } catch {
            return nil
        }
        return reader.isAtEnd ? entries : nil
    }
}
