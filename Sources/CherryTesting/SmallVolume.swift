import Foundation
import Testing

/// A file system in memory with little room, for tests of what happens when it is used up.
public struct SmallVolume {
    public let path: String
    private var filler: String { self.path + "/filler" }

    /// Mounts one for as long as `body` runs. Without the right to mount it prints why and does not run `body`, which
    /// on CI is a failure.
    public static func with(megabytes: Int, _ body: (SmallVolume) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        guard mount("cherry-test", folder.path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            let reason = "mounting a small file system needs root"
            if ProcessInfo.processInfo.environment["CI"] == nil {
                print("Skipped the full disk: \(reason).")
            } else {
                Issue.record("\(reason)")
            }
            return
        }
        defer { umount2(folder.path, CInt(MNT_DETACH)) }
        try await body(SmallVolume(path: folder.path))
    }

    /// Uses the room up, but for `bytes`.
    public func fill(leaving bytes: Int) throws {
        try self.waitForRemovedFiles()
        var status = statvfs()
        guard statvfs(self.path, &status) == 0 else { throw POSIXError(.EIO) }
        let room = Int(status.f_bavail) * Int(status.f_frsize) - bytes
        try Data(count: max(0, room)).write(to: URL(fileURLWithPath: self.filler))
    }

    /// Waits until all room in use is that of files which are there: one that was removed keeps its room until the last
    /// connection to it is closed, and that may be a moment later than the removal.
    private func waitForRemovedFiles() throws {
        while true {
            let files = try FileManager.default.subpathsOfDirectory(atPath: self.path)
            var volume = statvfs()
            guard statvfs(self.path, &volume) == 0 else { throw POSIXError(.EIO) }
            let used = Int(volume.f_blocks - volume.f_bfree) * Int(volume.f_frsize)
            let kept = files.reduce(0) { sum, file in
                var status = stat()
                return stat(self.path + "/" + file, &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
            }
            if used <= kept { return }
            sched_yield()
        }
    }

    /// Gives the room back.
    public func free() throws { try FileManager.default.removeItem(atPath: self.filler) }
}
