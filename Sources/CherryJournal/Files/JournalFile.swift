import Glibc

/// An open file that is closed when its owner goes. Never follows a link in the last place of its path.
final class JournalFile: Sendable {
    private let descriptor: Int32

    init(_ path: String, flags: Int32, mode: mode_t = 0) throws(FileError) {
        let descriptor = open(path, flags | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileError("open") }
        self.descriptor = descriptor
    }

    deinit { close(self.descriptor) }

    /// Bytes from the start to the end.
    var size: Int {
        get throws(FileError) {
            var attributes = stat()
            guard fstat(self.descriptor, &attributes) == 0 else { throw FileError("fstat") }
            return attributes.st_size
        }
    }

    /// Reads up to `count` bytes; fewer at the end of the file.
    func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(self.descriptor, buffer.baseAddress! + filled, count - filled, offset + filled)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = FileError("pread") }
                guard got > 0 else { break }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(self.descriptor, $0.baseAddress! + written, $0.count - written, offset + written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileError("pwrite") }
            written += count
        }
    }

    /// Waits until the disk has what was written.
    func synchronize() throws(FileError) {
        guard fdatasync(self.descriptor) == 0 else { throw FileError("fdatasync") }
    }

    /// Takes room on the disk for `count` bytes, which read as zeros.
    func allocate(_ count: Int) throws(FileError) {
        let code = posix_fallocate(self.descriptor, 0, count)
        guard code == 0 else { throw FileError("fallocate", code: code) }
    }

    func truncate(to count: Int) throws(FileError) {
        guard ftruncate(self.descriptor, count) == 0 else { throw FileError("ftruncate") }
    }

    /// Keeps other processes out until this file is closed; says whether none was in.
    ///
    /// A child that is being started has what its parent had open, until it becomes another program a moment later; so
    /// this is tried for a second.
    func lock() -> Bool {
        for _ in 0..<100 {
            if flock(self.descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK else { return false }
            usleep(10_000)
        }
        return false
    }

    /// Waits until the disk has the names in `folder`: what was made, renamed or removed there.
    static func synchronizeFolder(_ folder: String) throws(FileError) {
        let file = try JournalFile(folder, flags: O_RDONLY | O_DIRECTORY)
        guard fsync(file.descriptor) == 0 else { throw FileError("fsync") }
    }

    /// Removes a file; one that is not there is removed already.
    static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError("unlink") }
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else { throw FileError("opendir") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
