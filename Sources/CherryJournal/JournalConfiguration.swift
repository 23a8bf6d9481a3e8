/// Where a journal lies and how much it may take.
public struct JournalConfiguration: Sendable {
    /// The folder; made when it is missing.
    public var folder: String
    /// Bytes that the segments may take together.
    public var sizeLimit = 256 << 20
    /// Bytes of one segment.
    public var segmentSize = 4 << 20
    /// How long an append waits for room before debug logs are thrown away, or it fails.
    public var patience: Duration = .seconds(2)
    /// Bytes that may wait in memory for being written.
    public var memoryLimit = 4 << 20
    /// How long an enqueued entry may wait for others before it is written.
    public var linger: Duration = .milliseconds(250)
    /// Measures waiting.
    public var clock: any Clock<Duration> = ContinuousClock()

    public init(folder: String) { self.folder = folder }

    /// Bytes of a payload: so many that several records fit into a segment.
    public var recordLimit: Int { min(1 << 20, (self.effectiveSegmentSize - 4096) / 2) }

    /// Small enough that a few segments fit within the limit.
    var effectiveSegmentSize: Int { max(16 << 10, min(self.segmentSize, self.sizeLimit / 4)) }
}
