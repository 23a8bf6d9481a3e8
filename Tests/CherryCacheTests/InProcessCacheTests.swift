import CherryCache
import CherryCore
import CherryTesting
import Synchronization
import Testing

@Suite("The cache of this process")
struct InProcessCacheTests {
    private final class Time: Sendable {
        private let now = Mutex(Timestamp(milliseconds: 0))
        var wall: WallClock { WallClock { self.now.withLock { $0 } } }
        func advance(_ duration: Duration) { self.now.withLock { $0 = $0 + duration } }
    }

    @Test("It keeps the contract", arguments: CacheContract.checks + CacheContract.boundedChecks)
    func contract(_ check: CacheContract.Check) async throws {
        try await check.run { capacity in
            let time = Time()
            return (InProcessCache(capacity: capacity, clock: time.wall), { time.advance($0) })
        }
    }

    @Test("Many at once leave its figures right")
    func concurrent() async {
        let cache = InProcessCache(capacity: 4000)
        await withDiscardingTaskGroup { group in
            for worker in UInt8(0)..<8 {
                group.addTask {
                    for number in UInt8(0)..<200 {
                        let key = CacheKey(space: "\(worker % 2)", bytes: [number % 40])
                        cache.put([UInt8](repeating: worker, count: Int(number)), for: key, lifetime: .seconds(60))
                        _ = cache.value(for: key)
                        if number % 7 == 0 { cache.remove(key) }
                    }
                }
            }
        }
        let (all, even, odd) = (cache.statistics(of: nil), cache.statistics(of: "0"), cache.statistics(of: "1"))
        #expect(all.bytes == even.bytes + odd.bytes && all.bytes <= 4000)
        #expect(all.entries == even.entries + odd.entries)
        cache.removeAll(in: nil)
        #expect(cache.statistics(of: nil) == CacheStatistics())
    }
}
