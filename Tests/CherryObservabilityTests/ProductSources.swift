import Foundation
import Testing

/// The product's own code, for rules that hold for all of it.
enum ProductSources {
    /// Every Swift file below `Sources`, with its text.
    static func files() throws -> [(name: String, text: String)] {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var found: [(name: String, text: String)] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            found.append((file.lastPathComponent, try String(contentsOf: file, encoding: .utf8)))
        }
        return found
    }
}
