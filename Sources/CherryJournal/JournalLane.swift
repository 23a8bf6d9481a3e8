/// A row of segments of its own, so that what may be thrown away first lies apart from everything else.
enum JournalLane: UInt8, Sendable, CaseIterable {
    /// Everything but debug logs: never thrown away to make room.
    case essential = 0
    /// Debug logs: the oldest segment goes when room is short.
    case expendable = 1

    var index: Int { Int(self.rawValue) }

    /// The kind that a record counts as whose kind can no longer be read.
    var likeliestKind: JournalKind { self == .essential ? .log : .debugLog }
}

extension JournalKind {
    var lane: JournalLane { self == .debugLog ? .expendable : .essential }
    /// Figures of kinds have room for so many, so that a new kind leaves the files as they are.
    static let room = 8
    /// Where this kind stands in an array with a figure for each kind.
    var index: Int { Int(self.rawValue) - 1 }
}
