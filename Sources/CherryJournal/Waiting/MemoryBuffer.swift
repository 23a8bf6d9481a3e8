import Synchronization

/// Entries that nobody waits for, until they are written together. Bounded: what does not fit is counted and gone.
final class MemoryBuffer: Sendable {
    struct Contents: Sendable {
        /// By the kinds' indices, so that what is alike is written side by side and sealed together.
        var entries = [[JournalEntry]](repeating: [], count: JournalKind.room)
        /// How many of each kind did not fit.
        var refused: [JournalKind: UInt64] = [:]
        fileprivate(set) var bytes = 0

        var isEmpty: Bool { self.bytes == 0 && self.refused.isEmpty }
    }

    /// What an entry takes beside its payload.
    private static let overhead = 64

    private let limit: Int
    private let contents = Mutex(Contents())
    /// Raised when something is there to be written, and again when there is much.
    let filled = Signal()

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { self.contents.withLock { $0.isEmpty } }
    /// Whether it should be written without waiting for more.
    var isHalfFull: Bool { self.contents.withLock { $0.bytes > self.limit / 2 } }

    func add(_ entry: JournalEntry) {
        let size = entry.payload.count + Self.overhead
        let isTold = self.contents.withLock { contents in
            let wasEmpty = contents.isEmpty
            let wasLess = contents.bytes <= self.limit / 2
            guard contents.bytes + size <= self.limit else {
                contents.refused[entry.kind, default: 0] += 1
                return wasEmpty
            }
            contents.entries[entry.kind.index].append(entry)
            contents.bytes += size
            return wasEmpty || (wasLess && contents.bytes > self.limit / 2)
        }
        if isTold { self.filled.raise() }
    }

    func take() -> Contents {
        self.contents.withLock { contents in
            defer { contents = Contents() }
            return contents
        }
    }
}
