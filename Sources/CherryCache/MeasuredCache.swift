import Metrics

/// A cache whose reads and writes are timed and whose hits are counted.
public struct MeasuredCache: Cache {
    private let base: any Cache
    private let reading = Timer(
        label: "cherry_cache_operation_duration_seconds",
        dimensions: [("operation", "read")]
    )
    private let writing = Timer(
        label: "cherry_cache_operation_duration_seconds",
        dimensions: [("operation", "write")]
    )
    private let hits = Counter(label: "cherry_cache_reads_total", dimensions: [("result", "hit")])
    private let misses = Counter(label: "cherry_cache_reads_total", dimensions: [("result", "miss")])
    private let errors = Counter(label: "cherry_cache_reads_total", dimensions: [("result", "error")])

    /// Measures what another cache does.
    public init(_ base: any Cache) { self.base = base }

    public func value(for key: CacheKey) async throws -> [UInt8]? {
        let start = ContinuousClock.now
        defer { self.reading.record(duration: .now - start) }
        do {
            let value = try await self.base.value(for: key)
            if value == nil { self.misses.increment() } else { self.hits.increment() }
            return value
        } catch {
            self.errors.increment()
            throw error
        }
    }

    public func put(_ value: [UInt8], for key: CacheKey, lifetime: Duration) async throws {
        let start = ContinuousClock.now
        defer { self.writing.record(duration: .now - start) }
        try await self.base.put(value, for: key, lifetime: lifetime)
    }

    public func remove(_ key: CacheKey) async throws {
        let start = ContinuousClock.now
        defer { self.writing.record(duration: .now - start) }
        try await self.base.remove(key)
    }

    public func removeAll(in space: String?) async throws { try await self.base.removeAll(in: space) }

    public func statistics(of space: String?) async throws -> CacheStatistics {
        try await self.base.statistics(of: space)
    }
}
