import Synchronization

/// The last lines of the log in memory, for whoever watches: a ring of a fixed length, and whoever follows is told of
/// each new line.
public final class LogTail: Sendable {
    /// A line and its number, counted from 1 since the start of the process.
    public struct Entry: Sendable, Hashable {
        public let position: Int64
        public let line: LogLine
    }

    /// Lines that wait for a follower who is slower than the log; of more, the oldest are left out, which the positions
    /// show.
    static let waiting = 1024

    private struct State {
        /// Holds the entry with position `p` at `(p - 1) % capacity`.
        var ring: [Entry] = []
        var last: Int64 = 0
        var followers: [Int: AsyncStream<Entry>.Continuation] = [:]
        var nextFollower = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: lines that are kept.
    public init(capacity: Int = 4096) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    deinit {
        for follower in self.state.withLock({ $0.followers.values.map { $0 } }) { follower.finish() }
    }

    /// Adds a line; the oldest goes when there is no room.
    public func append(_ line: LogLine) {
        self.state.withLock { state in
            state.last += 1
            let entry = Entry(position: state.last, line: line)
            if state.ring.count < self.capacity {
                state.ring.append(entry)
            } else {
                state.ring[Int((state.last - 1) % Int64(self.capacity))] = entry
            }
            for follower in state.followers.values { follower.yield(entry) }
        }
    }

    /// The position of the newest line; 0 when there was none.
    public var last: Int64 { self.state.withLock { $0.last } }

    /// The newest lines that match, oldest first.
    ///
    /// - Parameters:
    ///   - after: only lines with a larger position.
    ///   - before: only lines with a smaller position.
    public func entries(
        matching filter: LogFilter = LogFilter(),
        after: Int64 = 0,
        before: Int64 = .max,
        limit: Int
    ) -> [Entry] {
        // Copied under the lock, looked through outside of it: loggers do not wait for a search.
        let (ring, last) = self.state.withLock { ($0.ring, $0.last) }
        return Self.newest(of: ring, last: last, filter, after: after, before: before, limit: limit)
    }

    /// New lines as they are written, after those since `position` that are still here.
    ///
    /// The stream ends when its reader stops or is cancelled.
    public func follow(after position: Int64) -> LogFollower {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Entry.self,
            bufferingPolicy: .bufferingNewest(Self.waiting)
        )
        let (ring, last, id) = self.state.withLock { state in
            let id = state.nextFollower
            state.nextFollower += 1
            state.followers[id] = continuation
            return (state.ring, state.last, id)
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.followers.removeValue(forKey: id) }
        }
        // A position from before a restart may be larger than any of now.
        let after = position > last ? 0 : position
        let backlog = Self.newest(
            of: ring,
            last: last,
            LogFilter(),
            after: after,
            before: .max,
            limit: self.capacity
        )
        return LogFollower(backlog: backlog, stream: stream)
    }

    private static func newest(
        of ring: [Entry],
        last: Int64,
        _ filter: LogFilter,
        after: Int64,
        before: Int64,
        limit: Int
    ) -> [Entry] {
        var found: [Entry] = []
        var position = min(last, before - 1)
        let first = last - Int64(ring.count)
        while position > max(after, first), found.count < limit {
            let entry = ring[Int((position - 1) % Int64(ring.count))]
            if filter.matches(entry.line) { found.append(entry) }
            position -= 1
        }
        return found.reversed()
    }
}
