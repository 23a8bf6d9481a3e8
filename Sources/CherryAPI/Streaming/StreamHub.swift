import CherryCore
import Synchronization

/// All open event streams, so that a lock, a revoked session or a shutdown reaches each of them.
final class StreamHub: Sendable {
    /// What every stream is told, whatever it carries.
    enum Signal: Sendable {
        /// The vault was locked: say so and end.
        case locked
        /// The session has ended: end.
        case ended
    }

    /// A place in the hub, given back by `leave`.
    struct Ticket: Sendable {
        let id: Int
        let session: RecordID
        let signals: AsyncStream<Signal>
    }

    private struct Member {
        let session: RecordID
        let continuation: AsyncStream<Signal>.Continuation
    }

    private struct State {
        var members: [Int: Member] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    /// Creates a hub for at most `limit` streams.
    init(limit: Int) { self.limit = limit }

    /// How many streams are open.
    var count: Int { self.state.withLock { $0.members.count } }

    /// Adds a stream.
    ///
    /// - Throws: `APIError` with code `tooManyStreams`.
    func join(session: RecordID) throws -> Ticket {
        let (stream, continuation) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingOldest(1))
        let id: Int? = self.state.withLock { state in
            guard state.members.count < self.limit else { return nil }
            state.nextID += 1
            state.members[state.nextID] = Member(session: session, continuation: continuation)
            return state.nextID
        }
        guard let id else {
            var error = APIError(
                .tooManyRequests,
                "tooManyStreams",
                "Too many event streams are open.",
                hint: "Close other windows of the app."
            )
            error.retryAfter = .seconds(5)
            throw error
        }
        return Ticket(id: id, session: session, signals: stream)
    }

    /// Removes a stream that has ended.
    func leave(_ ticket: Ticket) {
        self.state.withLock { $0.members.removeValue(forKey: ticket.id) }?.continuation.finish()
    }

    /// Tells every stream that the vault was locked.
    func announceLock() { self.signal(.locked) { _ in true } }

    /// Ends the streams of the sessions that `isEnded` names.
    func end(where isEnded: @Sendable (RecordID) -> Bool) { self.signal(.ended, to: isEnded) }

    private func signal(_ signal: Signal, to isMeant: (RecordID) -> Bool) {
        let members = self.state.withLock { state in
            let meant = state.members.filter { isMeant($0.value.session) }
            for id in meant.keys { state.members[id] = nil }
            return meant.values
        }
        for member in members {
            member.continuation.yield(signal)
            member.continuation.finish()
        }
    }
}
