/// An answer on its way, for one reader. Nothing is read from the provider before it is asked for; letting go of the
/// answer, or cancelling the task that waits for it, closes the connection.
public protocol AnswerStream: AnyObject {
    /// What came next, or `nil` after the end.
    ///
    /// - Throws: `BridgeError`, or `CancellationError` when the task was cancelled.
    func next() async throws -> AnswerPiece?
}

/// What arrived together.
public struct AnswerPiece: Sendable, Hashable {
    /// In order.
    public var events: [ChatEvent]
    /// The bytes themselves, where the answer is passed on as it is; the events then say what is in them.
    public var bytes: [UInt8]
    /// How many events of the stream end within `bytes`.
    public var streamedEvents: Int

    /// Creates a piece.
    public init(events: [ChatEvent], bytes: [UInt8] = [], streamedEvents: Int = 0) {
        self.events = events
        self.bytes = bytes
        self.streamedEvents = streamedEvents
    }
}
