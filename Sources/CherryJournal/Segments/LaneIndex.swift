/// All records of a lane that are still there, in memory: where each lies and of what kind it is.
struct LaneIndex: Sendable {
    let lane: JournalLane
    var segments: [Segment] = []
    /// Where the next record goes, and what was written before.
    var mark = LaneMark()
    /// The number of the next segment.
    var nextSequence: UInt64 = 1

    init(_ lane: JournalLane) { self.lane = lane }

    /// The position of the first record that is there.
    var start: UInt64 { self.segments.first?.first ?? self.mark.position }

    /// Bytes that the lane takes.
    var size: Int { self.segments.reduce(0) { $0 + $1.size } }

    /// The segment with a position, as an index into `segments`.
    func segment(of position: UInt64) -> Int? {
        var low = 0
        var high = self.segments.count
        while low < high {
            let middle = (low + high) / 2
            if self.segments[middle].end <= position { low = middle + 1 } else { high = middle }
        }
        guard low < self.segments.count, self.segments[low].first <= position else { return nil }
        return low
    }

    /// How many records from `position` on are such that `isCounted`.
    func count(from position: UInt64, _ isCounted: (JournalKind, UInt64) -> Bool) -> UInt64 {
        var count: UInt64 = 0
        for segment in self.segments where segment.end > position {
            for place in max(position, segment.first)..<segment.end
            where isCounted(segment.slots.kind(Int(place - segment.first)), place) {
                count += 1
            }
        }
        return count
    }

    func kind(of position: UInt64) -> JournalKind? {
        self.segment(of: position).map { self.segments[$0].slots.kind(Int(position - self.segments[$0].first)) }
    }
}
