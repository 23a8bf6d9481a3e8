import Glibc

/// The segment that a lane writes to.
struct SegmentWriter: Sendable {
    let file: JournalFile
    let size: Int
    /// Up to here the disk has it all.
    private(set) var end: Int

    var room: Int { self.size - self.end }

    /// Makes a segment with all of its room, durably. What it could not finish it removes.
    init(folder: String, header: SegmentHeader, size: Int) throws(FileError) {
        let path = Segment.path(folder, header.lane, header.sequence)
        let file = try JournalFile(path, flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        do throws(FileError) {
            try file.allocate(size)
            try file.write(header.encode(), at: 0)
            try file.synchronize()
            try JournalFile.synchronizeFolder(folder)
        } catch {
            unlink(path)
            throw error
        }
        self.file = file
        self.size = size
        self.end = SegmentHeader.size
    }

    /// Appends and waits until the disk has it. After an error nothing more may be written here: a second attempt to
    /// synchronize may succeed without anything having reached the disk.
    mutating func append(_ bytes: [UInt8]) throws(FileError) {
        try self.file.write(bytes, at: self.end)
        try self.file.synchronize()
        self.end += bytes.count
    }

    /// Gives back the room that was not used.
    ///
    /// - Returns: the bytes that the segment takes from now on.
    func close() -> Int {
        do {
            try self.file.truncate(to: self.end)
            return self.end
        } catch {
            // Nothing is lost by it: what comes after `end` is passed over when the journal is opened.
            return self.size
        }
    }
}
