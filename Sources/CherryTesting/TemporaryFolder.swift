import Foundation

/// A folder of its own that is gone with the last reference.
public final class TemporaryFolder: Sendable {
    public let path: String

    /// Makes a folder below the system's place for temporary files.
    public init() throws {
        self.path = FileManager.default.temporaryDirectory.appendingPathComponent("cherry-\(UUID())").path
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    /// Makes a folder in memory where the system has a place for that: for tests that wait for a disk thousands of times.
    public init(inMemory: Void) throws {
        let memory = "/dev/shm"
        let isThere = FileManager.default.isWritableFile(atPath: memory)
        let place = isThere ? URL(fileURLWithPath: memory) : FileManager.default.temporaryDirectory
        self.path = place.appendingPathComponent("cherry-\(UUID())").path
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)  // what stays behind is in a temporary folder
    }

    /// The path of a file in it.
    public func file(_ name: String) -> String { "\(self.path)/\(name)" }
}
