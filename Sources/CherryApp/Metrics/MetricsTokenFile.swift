import CherryObservability
import Foundation

/// Where the token of scrapers comes from. The program keeps its digest alone.
public enum MetricsTokenFile: Sendable, Hashable {
    /// The user's own file with the token itself.
    case token(path: String)
    /// The digest of a token that the program made.
    case digest(path: String)

    /// The token as it stands now; `nil` when there is none, or its file may be read by others.
    func load() -> ScrapeToken? {
        switch self {
        case .token(let path):
            return Self.contents(of: path).flatMap { ScrapeToken($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        case .digest(let path): return Self.contents(of: path).flatMap { ScrapeToken(stored: $0) }
        }
    }

    /// Makes a token in the place of the one before, and keeps its digest in the data directory.
    ///
    /// - Returns: the token, which is kept nowhere.
    /// - Throws: `SettingsError` when the file cannot be written.
    public static func make(in dataDirectory: String) throws -> String {
        let (token, digest) = ScrapeToken.make()
        let path = DataDirectory.metricsTokenFile(in: dataDirectory)
        do {
            try FileManager.default.createDirectory(
                atPath: dataDirectory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try Self.save(Data("\(digest.stored)\n".utf8), at: path)
        } catch {
            throw SettingsError(
                setting: path,
                message: "The token's digest cannot be written to \(path).",
                hint: "Check the owner and the permissions of the data directory."
            )
        }
        return token
    }

    /// Writes a file of mode 0600 in the place of the one before, as a whole.
    private static func save(_ data: Data, at path: String) throws {
        let draft = "\(path).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        let isWritten =
            fchmod(descriptor, 0o600) == 0
            && data.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == data.count
            && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(draft, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// A short file that only its owner, who runs this, can read.
    private static func contents(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0,
            status.st_uid == geteuid()
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
