import CherryCore

/// A ZIP archive of files as they are, without compression: what the protocol for source maps asks for, and no more.
///
/// Follows APPNOTE.TXT 6.3, sections 4.3 to 4.5, for archives below 4 GiB with fewer than 65,535 files.
struct StoredZip {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// 1 January 1980: the same files make the same archive at any time.
    private static let date: UInt16 = 0x21

    /// Adds a file.
    ///
    /// - Parameter name: of ASCII, with slashes between folders.
    /// - Throws: `SentryError` with code `.invalidUpload` when there is no room.
    mutating func add(_ name: String, _ content: [UInt8]) throws(SentryError) {
        let offset = self.bytes.count
        let length = name.utf8.count + content.count + 64
        guard self.count < 0xFFFE, offset + self.directory.count + length < Int(UInt32.max) else {
            throw SentryError(.invalidUpload, "The files are too large for one upload.")
        }
        let sum = CRC32.checksum(content)
        self.bytes.append(0x0403_4b50 as UInt32)
        self.bytes.append(Self.common(name, content.count, sum))
        self.bytes.append(contentsOf: name.utf8)
        self.bytes.append(contentsOf: content)

        self.directory.append(0x0201_4b50 as UInt32)
        self.directory.append(20 as UInt16)
        self.directory.append(Self.common(name, content.count, sum))
        // No comment, the first disk, no attributes.
        self.directory.append(contentsOf: [UInt8](repeating: 0, count: 10))
        self.directory.append(UInt32(offset))
        self.directory.append(contentsOf: name.utf8)
        self.count += 1
    }

    /// The archive with what was added so far.
    var archive: [UInt8] {
        var archive = self.bytes + self.directory
        archive.append(0x0605_4b50 as UInt32)
        archive.append(contentsOf: [UInt8](repeating: 0, count: 4))
        archive.append(UInt16(self.count))
        archive.append(UInt16(self.count))
        archive.append(UInt32(self.directory.count))
        archive.append(UInt32(self.bytes.count))
        archive.append(0 as UInt16)
        return archive
    }

    /// What a file's own header and its entry in the directory have in common.
    private static func common(_ name: String, _ size: Int, _ sum: UInt32) -> [UInt8] {
        var fields: [UInt8] = []
        fields.append(20 as UInt16)  // version 2.0
        fields.append(0 as UInt16)
        fields.append(0 as UInt16)  // stored
        fields.append(0 as UInt16)
        fields.append(Self.date)
        fields.append(sum)
        fields.append(UInt32(size))
        fields.append(UInt32(size))
        fields.append(UInt16(name.utf8.count))
        fields.append(0 as UInt16)
        return fields
    }
}

extension [UInt8] {
    /// Appends a number, the lowest byte first.
    fileprivate mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            self.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    fileprivate mutating func append(_ bytes: [UInt8]) { self.append(contentsOf: bytes) }
}
