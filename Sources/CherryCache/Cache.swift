/// Keeps values for a while, and forgets them when it needs the room. Engines conform; `CacheContract` in `CherryTesting`
/// is the law.
///
/// A value may be gone at any time. Whatever leaves the process is readable to others: callers seal it first.
public protocol Cache: Sendable {
    /// The value under `key`, unless it has expired or was forgotten.
    func value(for key: CacheKey) async throws -> [UInt8]?

    /// Keeps `value` for `lifetime` at most, in place of any before it. One that is larger than the cache is not kept.
    func put(_ value: [UInt8], for key: CacheKey, lifetime: Duration) async throws

    /// Forgets one value.
    func remove(_ key: CacheKey) async throws

    /// Forgets every value of a space, or of all of them.
    func removeAll(in space: String?) async throws

    /// What a space, or all of them together, hold now.
    func statistics(of space: String?) async throws -> CacheStatistics
}

/// Names a value.
public struct CacheKey: Sendable, Hashable {
    /// Values that are counted and forgotten together.
    public let space: String
    /// Names the value within its space; best a digest.
    public let bytes: [UInt8]

    /// Creates a key.
    public init(space: String, bytes: [UInt8]) {
        self.space = space
        self.bytes = bytes
    }
}

/// What a cache holds.
public struct CacheStatistics: Sendable, Hashable {
    public var entries: Int
    /// Keys and values.
    public var bytes: Int

    /// Creates figures.
    public init(entries: Int = 0, bytes: Int = 0) {
        self.entries = entries
        self.bytes = bytes
    }
}
