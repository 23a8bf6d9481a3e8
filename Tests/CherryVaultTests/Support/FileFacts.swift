import CherryTesting
import Foundation
import Testing

extension TemporaryFolder {
    /// What is in the folder, in order.
    var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: self.path).sorted() }
    }
}

/// The permission bits of a file.
func mode(of path: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) & 0o777
}
