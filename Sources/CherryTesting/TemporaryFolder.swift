import Foundation

/// A folder of its own that is gone with the last reference.
public final class TemporaryFolder: Sendable {
    public let path: String

    /// Makes a folder below the system's place for temporary files.
    public init() throws {
        self.path = FileManager.default.temporaryDirectory.appendingPathComponent("cherry-\(UUID())").path
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)  // what stays behind is in a temporary folder
    }

    /// The path of a file in it.
    public func file(_ name: String) -> String { "\(self.path)/\(name)" }
}
