import Foundation
import Testing

/// A new folder, removed with its contents when the test ends.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "cherry-vault-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        self.path = url.path
    }

    /// A place in the folder.
    func place(_ name: String) -> String { self.path + "/" + name }

    /// What is in the folder, in order.
    var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: self.path).sorted() }
    }

    /// Nobody is left to hear of a folder that cannot be removed.
    deinit { try? FileManager.default.removeItem(atPath: self.path) }
}

/// The permission bits of a file.
func mode(of path: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) & 0o777
}
