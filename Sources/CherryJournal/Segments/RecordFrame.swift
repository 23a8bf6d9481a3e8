import CherryCore

/// What stands before a sealed payload, 40 bytes, little-endian: CRC-32 of the next 36 (4), the payload's length (4), its
/// CRC-32 (4), kind (4), position (8), time in milliseconds (8), the kinds of the records before (8).
///
/// The frame has a checksum of its own, so that damage in a payload leaves known what was lost and where the next begins.
struct RecordFrame: Hashable, Sendable {
    static let size = 40

    var kind: JournalKind
    var position: UInt64
    var at: Int64
    var trail: KindTrail
    /// Of the sealed payload.
    var length: Int
    var checksum: UInt32

    func append(to bytes: inout [UInt8]) {
        var writer = ByteWriter()
        writer.bytes.reserveCapacity(Self.size)
        writer.put(UInt32(self.length))
        writer.put(self.checksum)
        writer.put(UInt32(self.kind.rawValue))
        writer.put(self.position)
        writer.put(self.at)
        writer.put(self.trail.rawValue)
        withUnsafeBytes(of: CRC32.checksum(writer.bytes).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: writer.bytes)
    }

    /// Reads the frame at `offset`; `nil` when there is none that is whole.
    static func read(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> RecordFrame? {
        guard offset >= 0, offset + self.size <= bytes.count else { return nil }
        func number<Number: FixedWidthInteger>(_ at: Int, _: Number.Type = Number.self) -> Number {
            Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + at, as: Number.self))
        }
        let code: UInt32 = number(12)
        guard let kind = UInt8(exactly: code).flatMap(JournalKind.init(rawValue:)) else { return nil }
        let guarded = UnsafeRawBufferPointer(rebasing: bytes[offset + 4..<offset + self.size])
        guard number(0, UInt32.self) == CRC32.checksum(guarded) else { return nil }
        return RecordFrame(
            kind: kind,
            position: number(16),
            at: number(24),
            trail: KindTrail(rawValue: number(32)),
            length: Int(number(4, UInt32.self)),
            checksum: number(8)
        )
    }
}
