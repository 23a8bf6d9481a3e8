import CherryCore

/// Reads single records of a lane, each block once. Lives no longer than one request.
struct RecordReader {
    /// Why a record cannot be delivered.
    enum Damage: String, Error {
        case damaged, unsealed
    }

    private let lane: JournalLane
    private var files: SegmentReader
    private let recent: RecentBlocks
    private let sealer: BlockSealer
    private var block: RecentBlocks.Block?

    init(_ index: LaneIndex, _ recent: RecentBlocks, _ sealer: BlockSealer) {
        self.lane = index.lane
        self.files = SegmentReader(index)
        self.recent = recent
        self.sealer = sealer
    }

    /// The record at a position, which is of `kind`.
    mutating func read(_ position: UInt64, _ kind: JournalKind) throws(FileError) -> Result<JournalEntry, Damage> {
        if let entry = self.block?[position] { return .success(entry) }
        if let block = self.recent.block(self.lane, with: position), let entry = block[position] {
            self.block = block
            return .success(entry)
        }
        guard let (frame, payload) = try self.files.block(with: position), frame.kind == kind else {
            return .failure(.damaged)
        }
        guard let entries = self.sealer.open(payload, frame) else { return .failure(.unsealed) }
        self.block = .init(lane: self.lane, positions: frame.position..<frame.end, entries: entries)
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
