/// A lane with what is on its way to its last segment.
struct Lane: Sendable {
    var index: LaneIndex
    var writer: SegmentWriter?
    var stage: Stage

    init(_ index: LaneIndex) {
        self.index = index
        self.stage = Stage(mark: index.mark)
    }

    /// Blocks that will be written together.
    struct Stage: Sendable {
        /// Where the lane will be.
        var mark: LaneMark
        var bytes: [UInt8] = []
        var blocks: [StagedBlock] = []
        var tickets: [AppendTicket] = []

        init(mark: LaneMark) { self.mark = mark }
    }

    struct StagedBlock: Sendable {
        let kind: JournalKind
        let entries: ArraySlice<JournalEntry>
        /// Counted from the beginning of the stage's bytes.
        var offset: Int

        var count: Int { self.entries.count }
    }

    /// What is left in the last segment.
    var room: Int { (self.writer?.room ?? 0) - self.stage.bytes.count }
}
