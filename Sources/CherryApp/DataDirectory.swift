public import CherryCore
import Foundation

/// The one directory that holds what the user owns, and the lock that keeps a second server out of it.
public final class DataDirectory: Sendable {
    public let path: String
    private let lock: Int32

    /// The file with the vault's header.
    public var vaultFile: String { "\(self.path)/vault.json" }
    /// The database.
    public var databaseFile: String { "\(self.path)/cherry.sqlite" }
    /// How many wrong passphrases there were of late.
    public var backoffFile: String { "\(self.path)/backoff.json" }

    /// Where telemetry goes, sealed.
    public var telemetryFile: String { "\(self.path)/telemetry.sealed" }
    /// What tells the next run how this one ended.
    public var runFolder: String { Self.runFolder(in: self.path) }

    /// The same for a directory that this process has not opened.
    public static func runFolder(in path: String) -> String { "\(path)/run" }

    /// The digest of the token that scrapers show.
    public var metricsTokenFile: String { Self.metricsTokenFile(in: self.path) }

    /// The same for a directory that this process has not opened.
    public static func metricsTokenFile(in path: String) -> String { "\(path)/metrics-token" }

    /// Opens the directory, making it if needed, and locks it for this process.
    ///
    /// - Throws: `DataDirectoryError`: `.inUse` with the other server's process, or `.unavailable`.
    public init(path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw DataDirectoryError.unavailable(path, reason: Self.reason(for: error))
        }
        let descriptor = open(Self.lockFile(in: path), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DataDirectoryError.unavailable(path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw DataDirectoryError.inUse(path, by: Self.runningServer(in: path))
        }
        self.lock = descriptor
    }

    deinit { close(self.lock) }

    /// Notes who serves this directory and where, for the command line.
    public func announce(_ server: RunningServer) throws {
        let data = try JSONEncoder().encode(server)
        guard
            ftruncate(self.lock, 0) == 0,
            data.withUnsafeBytes({ pwrite(self.lock, $0.baseAddress, $0.count, 0) }) == data.count
        else {
            throw DataDirectoryError.unavailable(self.path, reason: String(cString: strerror(errno)))
        }
    }

    /// The server that holds the lock of `path` now, or `nil` when none does.
    public static func runningServer(in path: String) -> RunningServer? {
        let descriptor = open(Self.lockFile(in: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
        // A server that has not announced itself yet leaves nothing to decode: it cannot be talked to.
        guard let data = FileManager.default.contents(atPath: Self.lockFile(in: path)) else { return nil }
        return try? JSONDecoder().decode(RunningServer.self, from: data)
    }

    private static func lockFile(in path: String) -> String { "\(path)/server.lock" }

    private static func reason(for error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        guard let code = underlying?.code, underlying?.domain == NSPOSIXErrorDomain else {
            return "it cannot be created"
        }
        return String(cString: strerror(Int32(code)))
    }
}

/// A server as it announces itself in its data directory.
public struct RunningServer: Codable, Sendable, Equatable {
    public var processID: Int32
    /// Where it can be reached from this machine, such as `http://127.0.0.1:8000`.
    public var address: String

    /// Describes a server.
    public init(processID: Int32, address: String) {
        self.processID = processID
        self.address = address
    }
}

/// Why a data directory cannot be used.
public struct DataDirectoryError: CherryError {
    public let codeName: String
    public let message: String
    public let hint: String?

    static func inUse(_ path: String, by server: RunningServer?) -> Self {
        let who = server.map { "Process \($0.processID) serves it at \($0.address)." } ?? "Another process uses it."
        return Self(
            codeName: "inUse",
            message: "The data directory \(path) is in use. \(who)",
            hint: "Use the server that runs, stop it, or set CHERRY_DATA to another directory."
        )
    }

    static func unavailable(_ path: String, reason: String) -> Self {
        Self(
            codeName: "unavailable",
            message: "The data directory \(path) cannot be used: \(reason).",
            hint: "Check its owner and permissions, or set CHERRY_DATA to another directory."
        )
    }
}
