import CherryTesting
import Foundation
import Testing

/// A file system in memory with little room, for tests of what happens when it is used up.
struct SmallVolume {
    let path: String
    private var filler: String { self.path + "/filler" }

    /// Mounts one for as long as `body` runs. Without the right to mount it prints why and does not run `body`, which
    /// on CI is a failure.
    static func with(megabytes: Int, _ body: (SmallVolume) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let mounted = Self.run("/bin/mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "cherry-test", folder.path)
        guard mounted else {
            let reason = "mounting a small file system needs root"
            if ProcessInfo.processInfo.environment["CI"] == nil {
                print("Skipped the full disk: \(reason).")
            } else {
                Issue.record("\(reason)")
            }
            return
        }
        defer { _ = Self.run("/bin/umount", "--lazy", folder.path) }
        try await body(SmallVolume(path: folder.path))
    }

    /// Uses the room up, but for `bytes`.
    func fill(leaving bytes: Int) throws {
        var status = statvfs()
        guard statvfs(self.path, &status) == 0 else { throw POSIXError(.EIO) }
        let room = Int(status.f_bavail) * Int(status.f_frsize) - bytes
        try Data(count: max(0, room)).write(to: URL(fileURLWithPath: self.filler))
    }

    /// Gives the room back.
    func free() throws { try FileManager.default.removeItem(atPath: self.filler) }

    private static func run(_ program: String, _ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
