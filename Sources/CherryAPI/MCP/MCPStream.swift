import CherryCore
import Synchronization

/// The messages of one answer, or of what belongs to none, in order. Kept for a while, so that a reader whose
/// connection broke gets what it missed.
///
/// Bounded: of too many messages the oldest go, never the last, which is the answer itself.
final class MCPStream: Sendable {
    /// One message with its place.
    struct Entry: Sendable {
        let index: Int
        let message: JSONValue
    }

    private struct State {
        var entries: [Entry] = []
        var bytes = 0
        var next = 0
        var isFinished = false
        /// The reader that came last; others have been replaced by it.
        var reader = 0
        var wakeUp: AsyncStream<Void>.Continuation?
    }

    private static let countLimit = 256
    private static let byteLimit = 2 << 20

    /// Its number within the session.
    let number: Int
    private let state = Mutex(State())

    init(number: Int) { self.number = number }

    /// Adds a message.
    func append(_ message: JSONValue, isLast: Bool) {
        let size = message.bytes.count
        let wakeUp = self.state.withLock { state in
            guard !state.isFinished else { return state.wakeUp }
            state.entries.append(Entry(index: state.next, message: message))
            state.next += 1
            state.bytes += size
            state.isFinished = isLast
            while state.entries.count > 1, state.entries.count > Self.countLimit || state.bytes > Self.byteLimit {
                state.bytes -= state.entries.removeFirst().message.bytes.count
            }
            return state.wakeUp
        }
        wakeUp?.yield()
    }

    /// Ends it without an answer.
    func finish() {
        let wakeUp = self.state.withLock { state in
            state.isFinished = true
            return state.wakeUp
        }
        wakeUp?.yield()
    }

    var isFinished: Bool { self.state.withLock { $0.isFinished } }

    /// The last message, once there is one that ends it.
    var answer: JSONValue? { self.state.withLock { $0.isFinished ? $0.entries.last?.message : nil } }

    /// Everything after `index`, and what is still to come, for a new reader; whoever read before reads no further.
    func entries(after index: Int = -1) -> Entries {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (reader, replaced) = self.state.withLock { state in
            defer { state.wakeUp = continuation }
            state.reader += 1
            return (state.reader, state.wakeUp)
        }
        replaced?.finish()
        continuation.yield()
        return Entries(stream: self, reader: reader, index: index, wakeUps: stream)
    }

    /// Reads a stream from one place on.
    struct Entries: AsyncSequence, Sendable {
        let stream: MCPStream
        let reader: Int
        let index: Int
        let wakeUps: AsyncStream<Void>

        func makeAsyncIterator() -> Iterator {
            Iterator(
                stream: self.stream,
                reader: self.reader,
                index: self.index,
                wakeUps: self.wakeUps.makeAsyncIterator()
            )
        }

        struct Iterator: AsyncIteratorProtocol {
            let stream: MCPStream
            let reader: Int
            var index: Int
            var wakeUps: AsyncStream<Void>.Iterator

            mutating func next() async -> Entry? { await self.next(isolation: #isolation) }

            mutating func next(isolation actor: isolated (any Actor)?) async -> Entry? {
                while true {
                    let (entry, isOver) = self.stream.next(after: self.index, for: self.reader)
                    if let entry {
                        self.index = entry.index
                        return entry
                    }
                    if isOver { return nil }
                    if await self.wakeUps.next(isolation: actor) == nil { return nil }
                }
            }
        }
    }

    private func next(after index: Int, for reader: Int) -> (entry: Entry?, isOver: Bool) {
        self.state.withLock { state in
            guard state.reader == reader else { return (nil, true) }
            return (state.entries.first { $0.index > index }, state.isFinished)
        }
    }
}

extension MCPStream {
    /// Names a place in a session's streams: the stream's number and the message's, joined by a hyphen.
    static func eventID(_ number: Int, _ index: Int) -> String { "\(number)-\(index)" }

    /// Reads an event's id.
    static func place(_ eventID: String) -> (number: Int, index: Int)? {
        let parts = eventID.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), number >= 0, let index = Int(parts[1]), index >= -1 else {
            return nil
        }
        return (number, index)
    }
}
