import Foundation

/// The package's own manifest and sources, read as text.
struct Manifest {
    struct Target: Hashable {
        let name: String
        let kind: String
        /// Targets of this package that it depends on.
        let dependencies: Set<String>
    }

    let targets: [Target]

    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    init() throws {
        let text = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
        let declaration = /\.(target|executableTarget|testTarget|systemLibrary)\(\s*name: "(\w+)"/
        let matches = Array(text.matches(of: declaration))
        self.targets = matches.enumerated().map { index, match in
            let end = index + 1 < matches.count ? matches[index + 1].range.lowerBound : text.endIndex
            var body = String(text[match.range.upperBound..<end])
            body.replace(/\.product\([^)]*\)/, with: "")
            if let tail = body.range(of: "swiftLanguageModes") { body.removeSubrange(tail.lowerBound...) }
            let name = /"(C\w+|ScriptedProvider|LoadGenerator|JournalDriver|MetricsYardstick|cherry)"/
            let names = body.matches(of: name).map { String($0.1) }
            return Target(name: String(match.2), kind: String(match.1), dependencies: Set(names))
        }
    }

    /// The modules that each Swift file of a target imports.
    static func imports(of target: String, in folder: String = "Sources") throws -> [(file: String, module: String)] {
        let base = Self.root.appending(path: "\(folder)/\(target)")
        let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
        var found: [(String, String)] = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(
                of: /(?m)^(?:@\w+(?:\([^)]*\))? )?(?:public |package |internal )?import (?:\w+ )?(\w+)/
            ) {
                found.append((file.lastPathComponent, String(match.1)))
            }
        }
        return found
    }
}
