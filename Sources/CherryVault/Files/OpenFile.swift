import Foundation

/// An open descriptor that is closed when its scope ends.
struct OpenFile: ~Copyable {
    private let descriptor: Int32

    /// Opens a file and never follows a link in the last place.
    init(_ path: String, flags: Int32, mode: mode_t = 0) throws(FileError) {
        let descriptor = open(path, flags | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileError("open") }
        self.descriptor = descriptor
    }

    deinit { close(self.descriptor) }

    /// What the system knows of the file.
    var attributes: stat {
        get throws(FileError) {
            var attributes = stat()
            guard fstat(self.descriptor, &attributes) == 0 else { throw FileError("fstat") }
            return attributes
        }
    }

    /// Reads to the end, or until `buffer` is full.
    ///
    /// - Returns: how many bytes were read.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = read(self.descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileError("read") }
            guard count > 0 else { break }
            filled += count
        }
        return filled
    }

    /// Writes all of `bytes` at the end of what was written.
    func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = write(self.descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileError("write") }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    /// Waits until the disk has it.
    func synchronize() throws(FileError) {
        guard fsync(self.descriptor) == 0 else { throw FileError("fsync") }
    }

    /// Waits until the disk has the names in the folder of `path`: what was made, renamed or removed there.
    static func synchronizeFolder(of path: String) throws(FileError) {
        let folder = (path as NSString).deletingLastPathComponent
        try OpenFile(folder.isEmpty ? "." : folder, flags: O_RDONLY | O_DIRECTORY).synchronize()
    }
}
