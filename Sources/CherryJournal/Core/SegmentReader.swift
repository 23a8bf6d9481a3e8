import CherryCore
import Glibc

/// Reads blocks of one lane, with one read of the file for many of them. Lives no longer than one request.
struct SegmentReader {
    /// Bytes that are read at once.
    private static let windowSize = 1 << 16

    private let index: LaneIndex
    private var file: (number: Int, file: JournalFile)?
    private var window: (start: Int, bytes: [UInt8]) = (0, [])

    init(_ index: LaneIndex) { self.index = index }

    /// The frame and the sealed payload of the block that a record is in; `nil` when they are not what was written.
    mutating func block(with position: UInt64) throws(FileError) -> (frame: BlockFrame, payload: [UInt8])? {
        guard let number = self.index.segment(of: position) else { return nil }
        let segment = self.index.segments[number]
        guard let offset = segment.slots[Int(position - segment.first)].offset, !segment.path.isEmpty else {
            return nil
        }
        if self.file?.number != number {
            self.file = (number, try JournalFile(segment.path, flags: O_RDONLY))
            self.window = (0, [])
        }
        let head = try self.bytes(offset, BlockFrame.size)
        guard let frame = head.withUnsafeBytes({ BlockFrame.read($0, at: 0) }),
            (frame.position..<frame.end).contains(position), frame.length <= segment.size
        else { return nil }
        let payload = try self.bytes(offset + BlockFrame.size, frame.length)
        guard payload.count == frame.length, CRC32.checksum(payload) == frame.checksum else { return nil }
        return (frame, payload)
    }

    private mutating func bytes(_ offset: Int, _ count: Int) throws(FileError) -> [UInt8] {
        if offset < self.window.start || offset + count > self.window.start + self.window.bytes.count {
            guard let file = self.file?.file else { return [] }
            self.window = (offset, try file.read(max(count, Self.windowSize), at: offset))
        }
        let start = offset - self.window.start
        let end = min(start + count, self.window.bytes.count)
        return start < end ? Array(self.window.bytes[start..<end]) : []
    }
}
