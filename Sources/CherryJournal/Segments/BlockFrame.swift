import CherryCore

/// What stands before a sealed block of records, 48 bytes, little-endian: CRC-32 of the next 44 (4), the payload's length
/// (4), its CRC-32 (4), kind (1), zero (1), how many records (2), the position of the first (8), its time in milliseconds
/// (8), the kinds of the records before (16).
///
/// The frame has a checksum of its own, so that damage in a payload leaves known what was lost and where the next begins.
struct BlockFrame: Hashable, Sendable {
    static let size = 48

    var kind: JournalKind
    /// From 1 to `Block.recordLimit`.
    var count: Int
    var position: UInt64
    var at: Int64
    var trail: KindTrail
    /// Of the sealed payload.
    var length: Int
    var checksum: UInt32

    /// One more than the position of its last record.
    var end: UInt64 { self.position + UInt64(self.count) }

    func append(to bytes: inout [UInt8]) {
        var writer = ByteWriter()
        writer.bytes.reserveCapacity(Self.size)
        writer.put(UInt32(self.length))
        writer.put(self.checksum)
        writer.put(UInt32(self.kind.rawValue) | UInt32(self.count) << 16)
        writer.put(self.position)
        writer.put(self.at)
        writer.put(self.trail.rawValue)
        withUnsafeBytes(of: CRC32.checksum(writer.bytes).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: writer.bytes)
    }

    /// Reads the frame at `offset`; `nil` when there is none that is whole.
    static func read(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> BlockFrame? {
        guard offset >= 0, offset + self.size <= bytes.count else { return nil }
        func number<Number: FixedWidthInteger & BitwiseCopyable>(_ at: Int, _: Number.Type = Number.self) -> Number {
            Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + at, as: Number.self))
        }
        guard let (kind, count) = self.parts(number(12)) else { return nil }
        let guarded = UnsafeRawBufferPointer(rebasing: bytes[offset + 4..<offset + self.size])
        guard number(0, UInt32.self) == CRC32.checksum(guarded) else { return nil }
        return BlockFrame(
            kind: kind,
            count: count,
            position: number(16),
            at: number(24),
            trail: KindTrail(rawValue: number(32)),
            length: Int(number(4, UInt32.self)),
            checksum: number(8)
        )
    }

    /// Whether a frame may begin at `offset`: a quick look, for passing by what is none.
    static func isLikely(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        self.parts(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))) != nil
    }

    private static func parts(_ code: UInt32) -> (JournalKind, Int)? {
        let count = Int(code >> 16)
        guard code >> 8 & 0xFF == 0, (1...Block.recordLimit).contains(count),
            let kind = JournalKind(rawValue: UInt8(code & 0xFF))
        else { return nil }
        return (kind, count)
    }
}
