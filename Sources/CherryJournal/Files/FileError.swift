import Glibc

/// A system call on a file that failed, for operators' logs.
struct FileError: Error, CustomStringConvertible {
    let call: String
    let code: Int32

    /// Takes the code from `errno`.
    init(_ call: String) {
        self.code = errno
        self.call = call
    }

    init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// Whether the disk, or the user's share of it, is used up.
    var isNoSpace: Bool { self.code == ENOSPC || self.code == EDQUOT }

    var description: String { "\(self.call): \(String(cString: strerror(self.code)))" }
}
