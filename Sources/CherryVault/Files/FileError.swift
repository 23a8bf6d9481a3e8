import Foundation

/// A system call on a file that failed, for operators' logs.
struct FileError: Error, CustomStringConvertible {
    let call: String
    let code: Int32

    /// Takes the code from `errno`.
    init(_ call: String) {
        self.code = errno
        self.call = call
    }

    var description: String { "\(self.call): \(String(cString: strerror(self.code)))" }
}
