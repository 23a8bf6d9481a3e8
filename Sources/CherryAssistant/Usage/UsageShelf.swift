import CherryCore
import CherryStore

/// The rows in which usage is stored: blocks of one day each, in order of time.
actor UsageShelf {
    /// Blocks that are written together.
    private static let batch = 32

    private let store: SealedStore
    private let clock: WallClock
    /// The block that was written last.
    private var last: Versioned<UsageBlock>?

    init(store: SealedStore, clock: WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Stores exchanges, all or, when it throws, those of the first batches.
    func add(_ records: [UsageRecord]) async throws {
        let days = Dictionary(grouping: records) { $0.at.utcDay }
        var blocks: [(block: UsageBlock, version: Int64)] = []
        for (day, records) in days.sorted(by: { $0.key < $1.key }) {
            var rest = records[...]
            let newest = try await self.newest(on: day)
            if let newest, newest.value.records.count < UsageBlock.capacity {
                var block = newest.value
                let room = UsageBlock.capacity - block.records.count
                block.records += rest.prefix(room)
                rest = rest.dropFirst(room)
                blocks.append((block, newest.version))
            }
            var previous = newest?.value.id
            while !rest.isEmpty {
                let part = Array(rest.prefix(UsageBlock.capacity))
                let id = self.makeID(on: day, after: previous)
                blocks.append((UsageBlock(id: id, day: day, records: part), 0))
                rest = rest.dropFirst(part.count)
                previous = id
            }
        }
        self.last = nil
        for start in stride(from: 0, to: blocks.count, by: Self.batch) {
            let part = blocks[start..<min(start + Self.batch, blocks.count)]
            var batch = SealedBatch()
            for (block, version) in part { try batch.put(block, basedOn: version) }
            let rows = try await self.store.commit(batch)
            if let last = part.last?.block, let row = rows.last { self.last = Versioned(last, storedAs: row) }
        }
    }

    /// Hands out the blocks of some days in order of time.
    func forEach(in days: ClosedRange<Int64>, _ body: (UsageBlock) -> Void) async throws {
        var after = Self.place(before: days.lowerBound)
        while true {
            let blocks = try await self.store.list(UsageBlock.self, after: after, limit: Self.batch)
            for block in blocks where days.contains(block.value.day) { body(block.value) }
            guard let last = blocks.last?.value, blocks.count == Self.batch, last.day <= days.upperBound else { return }
            after = last.id
        }
    }

    /// Hands out exchanges from the newest to the oldest until `body` has enough.
    ///
    /// - Returns: where to go on, or `nil` when there are no older ones.
    func walkBack(
        in days: ClosedRange<Int64>,
        before cursor: UsageCursor?,
        _ body: (UsageRecord) -> Bool
    ) async throws -> UsageCursor? {
        guard let oldest = try await self.store.list(UsageBlock.self, after: nil, limit: 1).first?.value.day else {
            return nil
        }
        var day = min(days.upperBound, self.clock.now.utcDay)
        if let cursor { day = min(day, cursor.block.timestamp.utcDay) }
        while day >= max(oldest, days.lowerBound) {
            var blocks: [UsageBlock] = []
            try await self.forEach(in: day...day) { blocks.append($0) }
            for block in blocks.reversed() {
                if let cursor, block.id > cursor.block { continue }
                let count =
                    block.id == cursor?.block ? min(cursor?.count ?? 0, block.records.count) : block.records.count
                for index in (0..<count).reversed() where !body(block.records[index]) {
                    return UsageCursor(block: block.id, count: index)
                }
            }
            day -= 1
        }
        return nil
    }

    /// The day's newest block.
    private func newest(on day: Int64) async throws -> Versioned<UsageBlock>? {
        if let last, last.value.day == day {
            // Whoever erased the store took it away.
            if try await self.store.get(UsageBlock.self, last.value.id)?.version == last.version { return last }
        }
        var newest: Versioned<UsageBlock>?
        var after = Self.place(before: day)
        while true {
            let blocks = try await self.store.list(UsageBlock.self, after: after, limit: Self.batch)
            newest = blocks.last { $0.value.day == day } ?? newest
            guard let last = blocks.last, blocks.count == Self.batch, last.value.day <= day else { break }
            after = last.value.id
        }
        return newest
    }

    /// An id that sorts after `previous` and within its day.
    private func makeID(on day: Int64, after previous: RecordID?) -> RecordID {
        let end = Timestamp(utcDay: day + 1) - .milliseconds(1)
        let id = RecordID.make(at: min(max(self.clock.now, Timestamp(utcDay: day)), end))
        guard let previous, id <= previous else { return id }
        return previous.successor
    }

    /// An id before all of a day.
    private static func place(before day: Int64) -> RecordID? {
        let milliseconds = max(0, Timestamp(utcDay: day).milliseconds)
        let bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (8 * (5 - Int64($0)))) }
        return RecordID(bytes: bytes + [UInt8](repeating: 0, count: 10))
    }
}

extension RecordID {
    /// When an id of version 7 was made.
    var timestamp: Timestamp {
        Timestamp(milliseconds: self.bytes.prefix(6).reduce(0) { $0 << 8 | Int64($1) })
    }
}
