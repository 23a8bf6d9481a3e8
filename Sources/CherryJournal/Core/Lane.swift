/// A lane with what is on its way to its last segment.
struct Lane: Sendable {
    var index: LaneIndex
    var writer: SegmentWriter?
    var stage: Stage

    init(_ index: LaneIndex) {
        self.index = index
        self.stage = Stage(mark: index.mark)
    }

    /// Records that will be written together.
    struct Stage: Sendable {
        /// Where the lane will be.
        var mark: LaneMark
        var bytes: [UInt8] = []
        /// Kinds and, counted from the beginning of `bytes`, places.
        var records: [(kind: JournalKind, offset: Int)] = []
        var tickets: [AppendTicket] = []

        init(mark: LaneMark) { self.mark = mark }
    }

    /// What is left in the last segment.
    var room: Int { (self.writer?.room ?? 0) - self.stage.bytes.count }
}
