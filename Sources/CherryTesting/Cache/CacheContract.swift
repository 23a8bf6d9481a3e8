public import CherryCache
import CherryCore
public import Testing

/// The law for every `Cache`: an engine is one when it passes each of `checks`.
public enum CacheContract {
    /// Opens an empty cache for so many bytes whose time the second value moves on.
    public typealias Open =
        @Sendable (_ capacity: Int) async throws -> (cache: any Cache, advance: @Sendable (Duration) async -> Void)

    /// One clause of it.
    public struct Check: Sendable, CustomTestStringConvertible {
        /// The behaviour in words.
        public let name: String
        private let body: @Sendable (_ open: Open) async throws -> Void

        init(_ name: String, _ body: @escaping @Sendable (_ open: Open) async throws -> Void) {
            self.name = name
            self.body = body
        }

        public var testDescription: String { self.name }

        /// Runs the clause.
        public func run(against open: @escaping Open) async throws { try await self.body(open) }
    }

    private static func key(_ name: String, in space: String = "a") -> CacheKey {
        CacheKey(space: space, bytes: Array(name.utf8))
    }

    private static let minute = Duration.seconds(60)

    /// All clauses.
    public static let checks: [Check] = [
        Check("a value comes back as it was put, and nothing comes back for another key") { open in
            let (cache, _) = try await open(1000)
            try await cache.put([1, 2], for: Self.key("x"), lifetime: Self.minute)
            #expect(try await cache.value(for: Self.key("x")) == [1, 2])
            #expect(try await cache.value(for: Self.key("y")) == nil)
            #expect(try await cache.value(for: Self.key("x", in: "b")) == nil)
        },
        Check("the newest value counts") { open in
            let (cache, _) = try await open(1000)
            try await cache.put([1], for: Self.key("x"), lifetime: Self.minute)
            try await cache.put([2, 3], for: Self.key("x"), lifetime: Self.minute)
            #expect(try await cache.value(for: Self.key("x")) == [2, 3])
            #expect(try await cache.statistics(of: nil) == CacheStatistics(entries: 1, bytes: 4))
        },
        Check("a value is gone when its time is over, and is not counted any more") { open in
            let (cache, advance) = try await open(1000)
            try await cache.put([1], for: Self.key("x"), lifetime: .seconds(2))
            try await cache.put([1], for: Self.key("y"), lifetime: Self.minute)
            await advance(.seconds(1))
            #expect(try await cache.value(for: Self.key("x")) == [1])
            await advance(.seconds(1))
            #expect(try await cache.statistics(of: "a").entries == 1)
            #expect(try await cache.value(for: Self.key("x")) == nil)
        },
        Check("reading does not make a value live longer") { open in
            let (cache, advance) = try await open(1000)
            try await cache.put([1], for: Self.key("x"), lifetime: .seconds(2))
            await advance(.seconds(1))
            _ = try await cache.value(for: Self.key("x"))
            await advance(.seconds(1))
            #expect(try await cache.value(for: Self.key("x")) == nil)
        },
        Check("a removed value is gone, and removing what is not there is nothing") { open in
            let (cache, _) = try await open(1000)
            try await cache.put([1], for: Self.key("x"), lifetime: Self.minute)
            try await cache.remove(Self.key("x"))
            try await cache.remove(Self.key("x"))
            #expect(try await cache.value(for: Self.key("x")) == nil)
            #expect(try await cache.statistics(of: nil) == CacheStatistics())
        },
        Check("a space is forgotten without the others, or all at once") { open in
            let (cache, _) = try await open(1000)
            for space in ["a", "b"] {
                for name in ["x", "y"] {
                    try await cache.put([1], for: Self.key(name, in: space), lifetime: Self.minute)
                }
            }
            #expect(try await cache.statistics(of: "a") == CacheStatistics(entries: 2, bytes: 6))
            try await cache.removeAll(in: "a")
            #expect(try await cache.statistics(of: "a") == CacheStatistics())
            #expect(try await cache.statistics(of: nil).entries == 2)
            #expect(try await cache.value(for: Self.key("x", in: "b")) == [1])
            try await cache.removeAll(in: nil)
            #expect(try await cache.statistics(of: nil) == CacheStatistics())
        },
        Check("an empty value is a value") { open in
            let (cache, _) = try await open(1000)
            try await cache.put([], for: Self.key("x"), lifetime: Self.minute)
            #expect(try await cache.value(for: Self.key("x")) == [])
        },
    ]

    /// Clauses for engines that bound their own memory and forget what was unused for longest.
    public static let boundedChecks: [Check] = [
        Check("it never holds more than it may, and what was unused for longest goes first") { open in
            let (cache, _) = try await open(36)
            for name in ["1", "2", "3"] {
                try await cache.put([UInt8](repeating: 0, count: 10), for: Self.key(name), lifetime: Self.minute)
            }
            _ = try await cache.value(for: Self.key("1"))
            try await cache.put([UInt8](repeating: 0, count: 10), for: Self.key("4"), lifetime: Self.minute)
            #expect(try await cache.value(for: Self.key("2")) == nil)
            for name in ["1", "3", "4"] { #expect(try await cache.value(for: Self.key(name)) != nil) }
            #expect(try await cache.statistics(of: nil) == CacheStatistics(entries: 3, bytes: 36))
        },
        Check("a value larger than everything is not kept, and takes its predecessor with it") { open in
            let (cache, _) = try await open(10)
            try await cache.put([1], for: Self.key("x"), lifetime: Self.minute)
            try await cache.put([UInt8](repeating: 0, count: 9), for: Self.key("x"), lifetime: Self.minute)
            #expect(try await cache.value(for: Self.key("x")) == nil)
            #expect(try await cache.statistics(of: nil) == CacheStatistics())
        },
        Check("a thousand values through a small cache leave its figures right") { open in
            let (cache, _) = try await open(100)
            var generator = SplitMix64(seed: 7)
            for _ in 0..<1000 {
                let name = String(UInt8.random(in: 97...122, using: &generator))
                let length = Int.random(in: 0...30, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: try await cache.remove(Self.key(name))
                case 1: _ = try await cache.value(for: Self.key(name))
                default:
                    try await cache.put(.init(repeating: 1, count: length), for: Self.key(name), lifetime: Self.minute)
                }
                #expect(try await cache.statistics(of: nil).bytes <= 100)
                #expect(try await cache.statistics(of: nil) == cache.statistics(of: "a"))
            }
            for number in UInt8(97)...122 { try await cache.remove(Self.key(String(number))) }
            #expect(try await cache.statistics(of: nil) == CacheStatistics())
        },
    ]
}
