import CherryCore

/// Seals blocks of records at their place in the journal, and opens them.
struct BlockSealer: Sendable {
    let sealer: any OperationsSealer
    let journal: UInt64

    /// Seals records of one kind, of which the first has `position`.
    func seal(_ entries: ArraySlice<JournalEntry>, at position: UInt64) throws -> [UInt8] {
        guard let first = entries.first else { return [] }
        return try self.sealer.seal(
            Block.encode(entries),
            at: self.address(first.kind, position, first.at.milliseconds)
        )
    }

    /// The records of a block; `nil` when it is not what was sealed there.
    func open(_ payload: [UInt8], kind: JournalKind, count: Int, position: UInt64, at: Int64) -> [JournalEntry]? {
        // Whatever the reason is, the records cannot be delivered.
        guard let plain = try? self.sealer.open(payload, at: self.address(kind, position, at)) else { return nil }
        return Block.decode(plain, kind: kind, count: count)
    }

    /// The same for a block that was read from a segment.
    func open(_ payload: [UInt8], _ frame: BlockFrame) -> [JournalEntry]? {
        self.open(payload, kind: frame.kind, count: frame.count, position: frame.position, at: frame.at)
    }

    private func address(_ kind: JournalKind, _ position: UInt64, _ at: Int64) -> OperationsAddress {
        .journal(
            id: self.journal,
            lane: kind.lane.rawValue,
            position: position,
            kind: kind.rawValue,
            at: Timestamp(milliseconds: at)
        )
    }
}
