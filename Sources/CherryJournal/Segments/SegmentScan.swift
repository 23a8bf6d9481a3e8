import CherryCore

/// Finds the blocks in a segment's bytes. Pure.
struct SegmentScan: Sendable {
    /// Bytes at the end of a payload that are never all zero in one that was written whole: part of its seal's tag.
    private static let tagLength = 16
    /// Records that one damaged place may swallow; a frame that claims more is noise.
    private static let reach: UInt64 = 1 << 22

    /// The position of the first slot.
    private(set) var first: UInt64?
    private(set) var slots = SlotTable()
    /// Where the last block that is kept ends.
    private(set) var end = SegmentHeader.size
    /// Bytes after `end` that are not zero: a write that was cut off.
    private(set) var tornBytes = 0
    /// Lost records whose kind nothing tells.
    private(set) var guessedKinds = 0

    /// Scans.
    ///
    /// - Parameters:
    ///   - first: the position of the first record, where the header or the segment before tells.
    ///   - limit: the position at which the next segment begins; what lies beyond was never acknowledged.
    init(_ bytes: UnsafeRawBufferPointer, lane: JournalLane, first: UInt64?, until limit: UInt64?) {
        self.first = first
        let used = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.used(bytes)))
        var expected = first
        var offset = SegmentHeader.size
        while limit == nil || expected == nil || expected! < limit! {
            guard let frame = BlockFrame.read(bytes, at: offset), frame.kind.lane == lane,
                expected == nil || frame.position == expected
            else {
                guard let (found, frame) = Self.find(used, after: offset, lane, expected, limit) else { break }
                if let expected {
                    self.guessedKinds += self.slots.appendLost(
                        frame.position - expected,
                        before: frame.trail,
                        in: lane
                    )
                } else {
                    self.first = frame.position
                }
                expected = frame.position
                offset = found
                continue
            }
            let end = offset + BlockFrame.size + frame.length
            guard end <= bytes.count else { break }
            let payload = UnsafeRawBufferPointer(rebasing: bytes[offset + BlockFrame.size..<end])
            let isDamaged = CRC32.checksum(payload) != frame.checksum
            if isDamaged, payload.suffix(Self.tagLength).allSatisfy({ $0 == 0 }),
                Self.find(used, after: offset, lane, frame.end, limit) == nil
            {
                break
            }
            if self.first == nil { self.first = frame.position }
            self.slots.append(.init(kind: frame.kind, offset: offset, isDamaged: isDamaged), count: frame.count)
            expected = frame.end
            offset = end
            self.end = end
        }
        self.tornBytes = max(0, used.count - self.end)
    }

    /// How many bytes there are before the zeros at the end.
    private static func used(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count = bytes.count
        while count >= 8, bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) == 0 { count -= 8 }
        while count > 0, bytes[count - 1] == 0 { count -= 1 }
        return count
    }

    /// The next place after `offset` with a whole frame of a block that may come there.
    private static func find(
        _ bytes: UnsafeRawBufferPointer,
        after offset: Int,
        _ lane: JournalLane,
        _ expected: UInt64?,
        _ limit: UInt64?
    ) -> (Int, BlockFrame)? {
        let lowest = expected ?? 0
        let highest = min(limit ?? .max, expected.map { $0 + self.reach } ?? .max)
        var place = offset + 1
        while place + BlockFrame.size <= bytes.count {
            // Most places, zeros above all, are passed by after a look at four bytes.
            if BlockFrame.isLikely(bytes, at: place),
                let frame = BlockFrame.read(bytes, at: place), frame.kind.lane == lane,
                (lowest..<max(lowest, highest)).contains(frame.position)
            {
                return (place, frame)
            }
            place += 1
        }
        return nil
    }
}
