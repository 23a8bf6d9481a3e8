public import CherryCore
public import CherryStore

/// What a reader of a reply is told.
public enum TurnEvent: Sendable {
    /// Text that begins at `at`, an offset in bytes of UTF-8 from the start of the reply.
    case text(String, at: Int)
    /// Reasoning that begins at `at`, counted in the same way but apart from the text.
    case reasoning(String, at: Int)
    case notice(TurnNotice)
    /// All calls of tools so far, as they are now.
    case tools([ToolUse])
    /// The reply as it is kept. Always the last event.
    case end(Versioned<Message>)
}

/// Something that the user should know about a reply.
public enum TurnNotice: Sendable, Hashable {
    /// The history did not fit the model; so many messages of its middle were left out.
    case contextTrimmed(omittedMessages: Int)
    /// The small built-in model answers.
    case tinyModel
    /// These tool servers, by their names, did not say what tools they have.
    case toolsMissing(servers: [String])
}

/// How much of a reply a reader already has: offsets in bytes of UTF-8.
public struct TurnCursor: Sendable, Hashable {
    public var text: Int
    public var reasoning: Int

    /// Nothing yet.
    public static let start = TurnCursor(text: 0, reasoning: 0)

    /// Names a place.
    public init(text: Int, reasoning: Int) {
        self.text = text
        self.reasoning = reasoning
    }
}

/// The events of one reply for one reader. A reader that is slow gets larger pieces, never a longer queue.
public struct TurnEvents: AsyncSequence, Sendable {
    let live: LiveReply
    let cursor: TurnCursor

    public func makeAsyncIterator() -> Iterator {
        Iterator(live: self.live, cursor: self.cursor)
    }

    /// Reads one reply from one place on.
    public struct Iterator: AsyncIteratorProtocol {
        private let live: LiveReply
        private var position: LiveReply.Position
        private var wakeUps: AsyncStream<Void>.Iterator
        private var isDone = false

        init(live: LiveReply, cursor: TurnCursor) {
            self.live = live
            self.position = LiveReply.Position(cursor: cursor)
            self.wakeUps = live.wakeUps().makeAsyncIterator()
        }

        public mutating func next() async -> TurnEvent? { await self.next(isolation: #isolation) }

        public mutating func next(isolation actor: isolated (any Actor)?) async -> TurnEvent? {
            while !self.isDone {
                switch self.live.next(after: &self.position) {
                case .event(let event):
                    if case .end = event { self.isDone = true }
                    return event
                case .abandoned:
                    self.isDone = true
                case .nothingYet:
                    if await self.wakeUps.next(isolation: actor) == nil { self.isDone = true }
                }
            }
            return nil
        }
    }
}
