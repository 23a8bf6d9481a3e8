// swift-tools-version: 6.2
import PackageDescription

// Arrows only go down: a target may depend on targets named above it, never below.
// `Tests/ArchitectureTests` reads this file and holds it to the rules in ARCHITECTURE.md.
let package = Package(
    name: "cherry",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "cherry", targets: ["cherry"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.4"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CherryCore"),
        .target(
            name: "CherryNet",
            dependencies: [
                "CherryCore",
                "CZlib",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ]
        ),
        .target(
            name: "CherryVault",
            dependencies: [
                "CherryCore",
                "CSodium",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]
        ),
        .target(name: "CherryJournal", dependencies: ["CherryCore"]),
        .target(
            name: "CherryStore",
            dependencies: ["CherryCore", .product(name: "Metrics", package: "swift-metrics")]
        ),
        .target(
            name: "CherryCache",
            dependencies: ["CherryCore", .product(name: "Metrics", package: "swift-metrics")]
        ),
        .target(
            name: "CherryStoreSQLite",
            dependencies: [
                "CherryCore",
                "CherryStore",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .target(
            name: "CherryMemory",
            dependencies: ["CherryCore", .product(name: "HeapModule", package: "swift-collections")]
        ),
        .target(
            name: "CherryBridge",
            dependencies: [
                "CherryCache",
                "CherryCore",
                "CherryNet",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(
            name: "CherryObservability",
            dependencies: [
                "CherryCore",
                "CherryJournal",
                "CherryNet",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(
            name: "CherryAssistant",
            dependencies: [
                "CherryCore",
                "CherryNet",
                "CherryStore",
                "CherryMemory",
                "CherryBridge",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(
            name: "CherryAPI",
            dependencies: [
                "CherryCache",
                "CherryCore",
                "CherryJournal",
                "CherryNet",
                "CherryVault",
                "CherryStore",
                "CherryBridge",
                "CherryObservability",
                "CherryAssistant",
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(
            name: "CherryApp",
            dependencies: [
                "CLinux",
                "CherryCache",
                "CherryCore",
                "CherryJournal",
                "CherryNet",
                "CherryVault",
                "CherryStore",
                "CherryStoreSQLite",
                "CherryMemory",
                "CherryBridge",
                "CherryObservability",
                "CherryAssistant",
                "CherryAPI",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .executableTarget(
            name: "cherry",
            dependencies: [
                "CherryApp",
                "CherryBridge",
                "CherryCore",
                "CherryJournal",
                "CherryNet",
                "CherryObservability",
                "CherryVault",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .target(
            name: "CherryTesting",
            dependencies: [
                "CherryCore",
                "CherryNet",
                "CherryVault",
                "CherryStore",
                "CherryCache",
                "CherryBridge",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .executableTarget(
            name: "ScriptedProvider",
            dependencies: [
                "CherryCore",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "LoadGenerator",
            dependencies: [
                "CherryCore",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .executableTarget(name: "JournalDriver", dependencies: ["CherryCore", "CherryJournal", "CherryVault"]),
        .executableTarget(
            name: "MetricsYardstick",
            dependencies: ["CherryObservability", .product(name: "CoreMetrics", package: "swift-metrics")]
        ),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(
            name: "ScriptedProviderTests",
            dependencies: [
                "CherryCore",
                "ScriptedProvider",
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),
        .testTarget(name: "LoadGeneratorTests", dependencies: ["LoadGenerator"]),
        .testTarget(name: "CherryCoreTests", dependencies: ["CherryCore", "CherryTesting"]),
        .testTarget(
            name: "CherryNetTests",
            dependencies: [
                "CherryNet",
                "CherryTesting",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .testTarget(
            name: "CherryVaultTests",
            dependencies: [
                "CArgon2",
                "CherryCore",
                "CherryTesting",
                "CherryVault",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .testTarget(name: "CherryJournalTests", dependencies: ["CherryCore", "CherryJournal", "CherryTesting"]),
        .testTarget(
            name: "CherryObservabilityTests",
            dependencies: [
                "CherryCore",
                "CherryJournal",
                "CherryNet",
                "CherryObservability",
                "CherryTesting",
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "CherryStoreTests",
            dependencies: [
                "CherryStore",
                "CherryStoreSQLite",
                "CherryVault",
                "CherryTesting",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Fixtures"]
        ),
        .testTarget(name: "CherryCacheTests", dependencies: ["CherryCache", "CherryCore", "CherryTesting"]),
        .testTarget(name: "CherryMemoryTests", dependencies: ["CherryMemory", "CherryTesting"]),
        .testTarget(
            name: "CherryBridgeTests",
            dependencies: [
                "CherryBridge",
                "CherryCache",
                "CherryCore",
                "CherryNet",
                "CherryTesting",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "CherryAssistantTests",
            dependencies: ["CherryAssistant", "CherryStoreSQLite", "CherryVault", "CherryTesting"]
        ),
        .testTarget(
            name: "CherryAppTests",
            dependencies: [
                "CherryApp",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "CherryAPITests",
            dependencies: [
                "CherryCache",
                "CherryCore",
                "CherryJournal",
                "CherryNet",
                "CherryVault",
                "CherryStore",
                "CherryStoreSQLite",
                "CherryBridge",
                "CherryObservability",
                "CherryAssistant",
                "CherryAPI",
                "CherryTesting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
