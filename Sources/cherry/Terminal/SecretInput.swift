import CherryCore
import Foundation

/// Reads secrets from a terminal without showing them, or from a descriptor that the caller names.
///
/// Never from arguments or the environment: other processes can read those.
enum SecretInput {
    /// Asks `prompt` on the terminal, or reads the first line of `descriptor`.
    ///
    /// - Throws: `CommandError` with code `noTerminal` when there is neither.
    static func read(_ prompt: String, descriptor: Int32?) throws -> Secret<String> {
        if let descriptor { return Secret(try Self.line(from: descriptor)) }
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw CommandError(
                "noTerminal",
                "There is no terminal to ask for a secret on.",
                hint: "Give it on a descriptor, such as: --passphrase-fd 3 3< file"
            )
        }
        defer { close(terminal) }
        Self.show(prompt + ": ", on: terminal)
        var before = termios()
        let isTerminal = tcgetattr(terminal, &before) == 0
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        if isTerminal { tcsetattr(terminal, TCSAFLUSH, &silent) }
        defer {
            if isTerminal { tcsetattr(terminal, TCSAFLUSH, &before) }
            Self.show("\n", on: terminal)
        }
        return Secret(try Self.line(from: terminal))
    }

    /// Asks for something that may be seen.
    static func readVisible(_ prompt: String) throws -> String {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw CommandError("noTerminal", "There is no terminal to ask on.")
        }
        defer { close(terminal) }
        Self.show(prompt + ": ", on: terminal)
        return try Self.line(from: terminal)
    }

    private static func show(_ text: String, on descriptor: Int32) {
        _ = text.utf8.withContiguousStorageIfAvailable { write(descriptor, $0.baseAddress, $0.count) }
    }

    private static func line(from descriptor: Int32) throws -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = Foundation.read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandError("noTerminal", "The secret cannot be read: \(String(cString: strerror(errno))).")
            }
            if count == 0 || byte == UInt8(ascii: "\n") { break }
            bytes.append(byte)
            guard bytes.count <= 4096 else {
                throw CommandError("invalid", "The secret is longer than 4,096 bytes.")
            }
        }
        defer { bytes.withUnsafeMutableBytes { wipe($0) } }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError("invalid", "The secret is not text in UTF-8.")
        }
        return text
    }
}
