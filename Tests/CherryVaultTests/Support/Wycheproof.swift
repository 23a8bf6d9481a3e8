import Foundation
import Testing

/// A file of Wycheproof vectors, which lie beside the package.
struct Wycheproof<Case: Decodable & Sendable>: Decodable, Sendable {
    struct Group: Decodable, Sendable {
        let ivSize: Int?
        let keySize: Int?
        let tagSize: Int?
        let tests: [Case]
    }

    let numberOfTests: Int
    let testGroups: [Group]

    static func load(_ name: String) throws -> Wycheproof {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: WycheproofVectors.folder.appending(path: name)))
    }
}

enum WycheproofVectors {
    static let folder = packageRoot.deletingLastPathComponent().appending(path: "shared/vectors/wycheproof")

    /// Where the vectors must be there, a test that misses them fails rather than being skipped.
    static let areExpected =
        FileManager.default.fileExists(atPath: folder.path) || ProcessInfo.processInfo.environment["CI"] != nil
}

extension Trait where Self == ConditionTrait {
    static var needsVectors: Self {
        .enabled(if: WycheproofVectors.areExpected, "the Wycheproof vectors are not beside the package")
    }
}
