import CherryCore

/// The last milestones. There is one for each request and a report for few, so they are put into words only then.
struct MilestoneRing: Sendable {
    private let limit: Int
    private var entries: [(at: Timestamp, milestone: Milestone)] = []
    /// Where the oldest is once there is no more room.
    private var oldest = 0

    /// - Parameter limit: how many are kept, at least one.
    init(limit: Int) { self.limit = limit }

    /// Adds one; the oldest goes when there is no room.
    mutating func append(_ milestone: Milestone, at time: Timestamp) {
        guard self.entries.count == self.limit else { return self.entries.append((time, milestone)) }
        self.entries[self.oldest] = (time, milestone)
        self.oldest = (self.oldest + 1) % self.limit
    }

    /// The oldest first.
    var all: [(at: Timestamp, milestone: Milestone)] {
        Array(self.entries[self.oldest...] + self.entries[..<self.oldest])
    }
}
