/// The blocks that were written last, as they were before they were sealed: most of what is delivered was written a moment
/// ago, and need not be read and opened for it.
struct RecentBlocks: Sendable {
    struct Block: Sendable {
        let lane: JournalLane
        let positions: Range<UInt64>
        let entries: [JournalEntry]

        /// The record at a position; `nil` when it is not in this block.
        subscript(position: UInt64) -> JournalEntry? {
            guard self.positions.contains(position) else { return nil }
            return self.entries[Int(position - self.positions.lowerBound)]
        }
    }

    /// Few enough to be looked through one by one.
    private static let countLimit = 64
    /// Of payloads.
    private static let byteLimit = 1 << 20

    /// The oldest first.
    private var blocks: [Block] = []
    private var bytes = 0

    /// Adds a block that is on the disk; the oldest go when there is no room.
    mutating func add(_ block: Block) {
        self.blocks.append(block)
        self.bytes += Self.size(block)
        var gone = 0
        while self.blocks.count - gone > Self.countLimit || self.bytes > Self.byteLimit {
            self.bytes -= Self.size(self.blocks[gone])
            gone += 1
        }
        self.blocks.removeFirst(gone)
    }

    /// The block that a record is in; `nil` when it was written longer ago.
    func block(_ lane: JournalLane, with position: UInt64) -> Block? {
        self.blocks.last { $0.lane == lane && $0.positions.contains(position) }
    }

    private static func size(_ block: Block) -> Int { block.entries.reduce(0) { $0 + $1.payload.count } }
}
