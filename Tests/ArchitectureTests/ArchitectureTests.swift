import Foundation
import Testing

/// The rules of ARCHITECTURE.md, "Arrows". A failure here means: change the design first, and that page with it.
@Suite("Architecture")
struct ArchitectureTests {
    /// From the bottom up. A target may depend on targets of lower layers only.
    static let layers: [[String]] = [
        ["CLinux", "CSodium", "CZlib"],
        ["CherryCore"],
        ["CherryNet", "CherryVault", "CherryJournal", "CherryStore", "CherryCache", "CherryMemory"],
        ["CherryStoreSQLite", "CherryBridge"],
        ["CherryAssistant"],
        ["CherryAPI"],
        ["CherryApp"],
        ["cherry"],
    ]

    /// What only tests and benchmarks may use: helpers, peers, and a second implementation to check against.
    static let testOnly: Set<String> = [
        "CherryTesting", "CArgon2", "ScriptedProvider", "LoadGenerator", "JournalDriver",
    ]

    let manifest: Manifest

    init() throws { self.manifest = try Manifest() }

    var products: [Manifest.Target] {
        self.manifest.targets.filter { $0.kind != "testTarget" && !Self.testOnly.contains($0.name) }
    }

    @Test("Every target has a layer, so that a new one is thought about")
    func everyTargetHasALayer() {
        #expect(Set(self.products.map(\.name)) == Set(Self.layers.joined()))
    }

    @Test("Arrows only go down")
    func arrowsGoDown() {
        let height = Dictionary(
            uniqueKeysWithValues: Self.layers.enumerated().flatMap { level, names in names.map { ($0, level) } }
        )
        for target in self.products {
            for dependency in target.dependencies {
                let up = height[dependency, default: .max] >= height[target.name, default: .min]
                #expect(!up, "\(target.name) must not depend on \(dependency)")
            }
        }
    }

    @Test("Test helpers never reach the product")
    func testingStaysOut() {
        for target in self.products {
            let strays = target.dependencies.intersection(Self.testOnly)
            #expect(strays.isEmpty, "\(target.name) depends on \(strays)")
        }
    }

    @Test(
        "A heavy module is imported in one place",
        arguments: [
            ("GRDB", ["CherryStoreSQLite"]),
            ("CSodium", ["CherryVault"]),
            ("CZlib", ["CherryNet"]),
            ("CLinux", ["CherryApp"]),
            ("NIOPosix", ["CherryNet"]),
            ("NIOSSL", ["CherryNet", "CherryApp"]),
            ("Hummingbird", ["CherryAPI", "CherryApp"]),
            ("Configuration", ["CherryApp"]),
            ("Subprocess", ["CherryBridge"]),
            ("ArgumentParser", ["cherry"]),
        ]
    )
    func heavyModules(module: String, allowed: [String]) throws {
        for target in self.products where target.kind != "systemLibrary" && !allowed.contains(target.name) {
            let strays = try Manifest.imports(of: target.name).filter { $0.module == module }.map(\.file)
            #expect(strays.isEmpty, "\(module) is imported in \(target.name): \(strays)")
        }
    }

    @Test("What a target imports of ours is what its manifest entry names")
    func importsAreDeclared() throws {
        let ours = Set(self.manifest.targets.map(\.name))
        for target in self.products where target.kind != "systemLibrary" {
            let imported = Set(try Manifest.imports(of: target.name).map(\.module)).intersection(ours)
            #expect(imported == target.dependencies, "\(target.name)")
        }
    }

    @Test("Every target has code and no target is only a promise")
    func noEmptyTargets() throws {
        for target in self.products where target.kind != "systemLibrary" {
            let folder = Manifest.root.appending(path: "Sources/\(target.name)")
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            #expect(names.contains { $0.hasSuffix(".swift") && !$0.hasSuffix("Placeholder.swift") }, "\(target.name)")
            #expect(!names.contains { $0.hasSuffix("Placeholder.swift") }, "\(target.name)")
        }
    }
}
