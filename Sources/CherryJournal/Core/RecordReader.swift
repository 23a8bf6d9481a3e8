import CherryCore

/// Reads single records of a lane, each block once. Lives no longer than one request.
struct RecordReader {
    /// Why a record cannot be delivered.
    enum Damage: String, Error {
        case damaged, unsealed
    }

    private var files: SegmentReader
    private let sealer: BlockSealer
    private var block: (positions: Range<UInt64>, entries: [JournalEntry])?

    init(_ index: LaneIndex, _ sealer: BlockSealer) {
        self.files = SegmentReader(index)
        self.sealer = sealer
    }

    /// The record at a position, which is of `kind`.
    mutating func read(_ position: UInt64, _ kind: JournalKind) throws(FileError) -> Result<JournalEntry, Damage> {
        if let block, block.positions.contains(position) {
            return .success(block.entries[Int(position - block.positions.lowerBound)])
        }
        guard let (frame, payload) = try self.files.block(with: position), frame.kind == kind else {
            return .failure(.damaged)
        }
        guard let entries = self.sealer.open(payload, frame) else { return .failure(.unsealed) }
        self.block = (frame.position..<frame.end, entries)
        return .success(entries[Int(position - frame.position)])
    }

    /// A record sealed by itself, as quarantine keeps it, with its time. Of what cannot be opened it is what the segment
    /// holds, where that is of this record alone; else nothing.
    mutating func sealed(_ position: UInt64, _ kind: JournalKind) throws(FileError) -> (at: Int64, payload: [UInt8]) {
        guard let (frame, payload) = try self.files.block(with: position) else { return (0, []) }
        if frame.count == 1 { return (frame.at, payload) }
        guard case .success(let entry) = try self.read(position, kind) else { return (frame.at, []) }
        // Without it the record is only counted.
        return (entry.at.milliseconds, (try? self.sealer.seal([entry], at: position)) ?? [])
    }
}
