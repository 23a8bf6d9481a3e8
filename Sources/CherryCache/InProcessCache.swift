public import CherryCore
import Synchronization

/// A cache in the memory of this process. When it is full the value that was unused for longest goes.
public final class InProcessCache: Cache {
    /// A value with its neighbours by the time of their last use. Only touched under the lock.
    private final class Entry {
        let key: CacheKey
        var value: [UInt8]
        var expiresAt: Timestamp
        var older: Entry?
        // The list owns its entries from the newest on; a reference back would keep them for ever.
        weak var newer: Entry?

        init(key: CacheKey, value: [UInt8], expiresAt: Timestamp) {
            self.key = key
            self.value = value
            self.expiresAt = expiresAt
        }

        var bytes: Int { self.key.space.utf8.count + self.key.bytes.count + self.value.count }
    }

    private struct State {
        var entries: [CacheKey: Entry] = [:]
        var newest: Entry?
        var oldest: Entry?
        var spaces: [String: CacheStatistics] = [:]
        var total = CacheStatistics()

        mutating func link(_ entry: Entry) {
            entry.older = self.newest
            entry.newer = nil
            self.newest?.newer = entry
            self.newest = entry
            if self.oldest == nil { self.oldest = entry }
        }

        mutating func unlink(_ entry: Entry) {
            if let newer = entry.newer { newer.older = entry.older } else { self.newest = entry.older }
            if let older = entry.older { older.newer = entry.newer } else { self.oldest = entry.newer }
            entry.older = nil
            entry.newer = nil
        }

        mutating func insert(_ entry: Entry) {
            self.entries[entry.key] = entry
            self.link(entry)
            self.count(entry, 1)
        }

        mutating func remove(_ entry: Entry) {
            self.entries[entry.key] = nil
            self.unlink(entry)
            self.count(entry, -1)
        }

        private mutating func count(_ entry: Entry, _ sign: Int) {
            self.total.entries += sign
            self.total.bytes += sign * entry.bytes
            var space = self.spaces[entry.key.space] ?? CacheStatistics()
            space.entries += sign
            space.bytes += sign * entry.bytes
            self.spaces[entry.key.space] = space.entries == 0 ? nil : space
        }
    }

    private let capacity: Int
    private let clock: WallClock
    private let state = Mutex(State())

    /// Creates an empty cache.
    ///
    /// - Parameter capacity: bytes that keys and values may take together.
    public init(capacity: Int, clock: WallClock = .system) {
        self.capacity = capacity
        self.clock = clock
    }

    public func value(for key: CacheKey) -> [UInt8]? {
        let now = self.clock.now
        return self.state.withLock { state in
            guard let entry = state.entries[key] else { return nil }
            guard now < entry.expiresAt else {
                state.remove(entry)
                return nil
            }
            state.unlink(entry)
            state.link(entry)
            return entry.value
        }
    }

    public func put(_ value: [UInt8], for key: CacheKey, lifetime: Duration) {
        let end = self.clock.now + lifetime
        self.state.withLock { state in
            if let old = state.entries[key] { state.remove(old) }
            let entry = Entry(key: key, value: value, expiresAt: end)
            guard entry.bytes <= self.capacity, lifetime > .zero else { return }
            state.insert(entry)
            while state.total.bytes > self.capacity, let oldest = state.oldest { state.remove(oldest) }
        }
    }

    public func remove(_ key: CacheKey) {
        self.state.withLock { state in
            if let entry = state.entries[key] { state.remove(entry) }
        }
    }

    public func removeAll(in space: String?) {
        self.state.withLock { state in
            let entries = state.entries.values.filter { space == nil || $0.key.space == space }
            for entry in entries { state.remove(entry) }
        }
    }

    public func statistics(of space: String?) -> CacheStatistics {
        let now = self.clock.now
        return self.state.withLock { state in
            // What has expired is nobody's any more; counting it would show values that nobody gets.
            let expired = state.entries.values.filter { $0.expiresAt <= now }
            for entry in expired { state.remove(entry) }
            return space.map { state.spaces[$0] ?? CacheStatistics() } ?? state.total
        }
    }
}
