/// What does not add up over time, but stands at something.
public struct FigureState: Sendable, Hashable {
    /// Answers that are being sent to browsers as they come.
    public let browserStreams: Int
    /// The same, to tools at the doors.
    public let doorStreams: Int
    /// Memory of the process that is in RAM.
    public let memoryBytes: Int64
    /// Models that are not asked for a while because they failed.
    public let openBreakers: Int
    /// Records of the journal that wait for a destination.
    public let queued: UInt64
    /// Records of the journal that no destination will get: put aside or dropped.
    public let lost: UInt64
}
