import CherryCore

/// The first 128 bytes of a segment, little-endian: `CHJS`, version (2 bytes), lane (2), journal (8), sequence (8), first
/// position (8), how many records of each kind the lane had before (8 × 8), their trail (16), zeros (12), CRC-32 of all
/// that (4).
struct SegmentHeader: Hashable, Sendable {
    static let size = 128
    static let version: UInt16 = 2
    private static let magic: UInt32 = 0x534A_4843

    var lane: JournalLane
    var journal: UInt64
    /// Counts the segments of the lane; never given twice.
    var sequence: UInt64
    /// What stands before the first record.
    var mark: LaneMark

    func encode() -> [UInt8] {
        var writer = ByteWriter()
        writer.put(Self.magic)
        writer.put(Self.version)
        writer.put(UInt16(self.lane.rawValue))
        writer.put(self.journal)
        writer.put(self.sequence)
        self.mark.encode(into: &writer)
        writer.bytes += [UInt8](repeating: 0, count: Self.size - 4 - writer.bytes.count)
        writer.put(CRC32.checksum(writer.bytes))
        return writer.bytes
    }

    /// Reads a header; `nil` when it is not what was written.
    ///
    /// - Throws: `JournalError` with code `.tooNew`.
    static func decode(_ bytes: some Sequence<UInt8>) throws(JournalError) -> SegmentHeader? {
        let bytes = Array(bytes.prefix(self.size))
        guard bytes.count == self.size else { return nil }
        do {
            var tail = ByteReader(bytes[(self.size - 4)...])
            guard try tail.number(UInt32.self) == CRC32.checksum(Array(bytes.dropLast(4))) else { return nil }
            var reader = ByteReader(bytes[...])
            guard try reader.number(UInt32.self) == self.magic else { return nil }
            guard try reader.number(UInt16.self) == self.version else { throw JournalError(.tooNew) }
            guard let lane = JournalLane(rawValue: UInt8(truncatingIfNeeded: try reader.number(UInt16.self))) else {
                return nil
            }
            let journal = try reader.number(UInt64.self)
            let sequence = try reader.number(UInt64.self)
            return SegmentHeader(lane: lane, journal: journal, sequence: sequence, mark: try LaneMark(from: &reader))
        } catch let error as JournalError {
            throw error
        } catch {
            return nil
        }
    }
}
