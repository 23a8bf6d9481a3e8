import CherryCore
import HTTPTypes
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
        let signals: AsyncStream<Signal>
    }

    private struct Member {
        let session: RecordID
        /// The unlock that the stream reads under.
        let unlock: Timestamp
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

    /// Refuses a stream when too many are open.
    ///
    /// - Throws: `APIError` with code `tooManyStreams`.
    func checkRoom() throws {
        guard self.count >= self.limit else { return }
        var error = APIError(
            .tooManyRequests,
            "tooManyStreams",
            "Too many event streams are open.",
            hint: "Close other windows of the app."
        )
        error.retryAfter = .seconds(5)
        throw error
    }

    /// Adds a stream of `session` that reads what the unlock at `unlock` made readable.
    func join(session: RecordID, unlock: Timestamp) -> Ticket {
        let (stream, continuation) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingOldest(1))
        let id = self.state.withLock { state in
            state.nextID += 1
            state.members[state.nextID] = Member(session: session, unlock: unlock, continuation: continuation)
            return state.nextID
        }
        return Ticket(id: id, signals: stream)
    }

    /// Removes a stream that has ended.
    func leave(_ ticket: Ticket) {
        self.state.withLock { $0.members.removeValue(forKey: ticket.id) }?.continuation.finish()
    }

    /// Tells every stream that the vault was locked, except those that read under a later unlock, at `unlock`.
    func announceLock(except unlock: Timestamp?) { self.signal(.locked) { $0.unlock != unlock } }

    /// Ends the streams of the sessions that `isEnded` names.
    func end(where isEnded: (RecordID) -> Bool) { self.signal(.ended) { isEnded($0.session) } }

    private func signal(_ signal: Signal, to isMeant: (Member) -> Bool) {
        let members = self.state.withLock { state in
            let meant = state.members.filter { isMeant($0.value) }
            for id in meant.keys { state.members[id] = nil }
            return Array(meant.values)
        }
        for member in members {
            member.continuation.yield(signal)
            member.continuation.finish()
        }
    }
}
