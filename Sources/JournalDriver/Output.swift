import Glibc

/// Standard output past every buffer: what is printed is with the reader, even if the process is killed right after.
enum Output {
    /// Prints a line, whole. By `writev`, so that tests can make `write` fail.
    static func line(_ text: String) {
        var bytes = Array((text + "\n").utf8)
        bytes.withUnsafeMutableBytes { buffer in
            var part = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
            _ = writev(1, &part, 1)
        }
    }

    static func fail(_ reason: String) -> Never {
        self.line("failed \(reason)")
        exit(1)
    }
}
