import CherryBridge
import CherryCore
import CherryStore
import CherryVault
import HTTPTypes
import ServiceLifecycle
import Synchronization

/// All sessions of clients, what is done for them, and what they are told of by themselves.
final class MCPSessions: Sendable {
    private struct State {
        var sessions: [String: MCPSession] = [:]
        /// Requests that stand alone and are open, such as subscriptions.
        var guests: [ObjectIdentifier: MCPSession] = [:]
        var streams = 0
    }

    /// Sessions kept; of too many the one unused for longest goes.
    private static let limit = 64
    /// How long a session may go unused.
    private static let idleLimit = Duration.seconds(3600)
    /// Streams open at once.
    private static let streamLimit = 64

    let server: MCPServer
    private let store: SealedStore
    private let vault: Vault
    private let state = Mutex(State())
    private let jobs = AsyncStream.makeStream(of: MCPSession.Job.self)

    init(server: MCPServer, store: SealedStore, vault: Vault) {
        self.server = server
        self.store = store
        self.vault = vault
    }

    // MARK: Work

    /// Does what sessions have to do, until shutdown.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await job in self.jobs.stream.cancelOnGracefulShutdown() {
                group.addTask { await job.run(self.server) }
            }
            self.closeAll()
            group.cancelAll()
        }
    }

    /// Does something that outlives the request that asked for it.
    func enqueue(_ job: MCPSession.Job) { self.jobs.continuation.yield(job) }

    /// Tells clients what changed, by the change feed.
    func followChanges() async {
        var cursor: Int64?
        for await position in self.store.positions().cancelOnGracefulShutdown() {
            let listeners = self.state.withLock { Self.everybody($0) }
            guard let start = cursor, !listeners.isEmpty else {
                cursor = position
                continue
            }
            // Locked meanwhile: everybody has been sent away, so nobody misses anything.
            guard let page = try? await self.store.sealedChanges(since: start, limit: 1000) else { continue }
            cursor = page.isStale ? position : page.next
            guard page.isStale || page.records.contains(where: { $0.collection == .personas }) else { continue }
            for listener in listeners { listener.handle(.changed([.prompts, .resources])) }
        }
    }

    // MARK: Sessions

    /// Begins a session for a client that sent `initialize`.
    ///
    /// - Returns: its id. Nobody can guess it, and it is of no use without the token that it was begun with.
    func begin(_ session: MCPSession) -> String {
        let id = SessionCookie.makeToken().exposed
        let old = self.state.withLock { state in
            let now = ContinuousClock.now
            var old = state.sessions.filter { !$0.value.isBusy && $0.value.lastUse + Self.idleLimit < now }
            if state.sessions.count - old.count >= Self.limit,
                let oldest = state.sessions.filter({ old[$0.key] == nil }).min(by: {
                    $0.value.lastUse < $1.value.lastUse
                })
            {
                old[oldest.key] = oldest.value
            }
            for id in old.keys { state.sessions[id] = nil }
            state.sessions[id] = session
            return Array(old.values)
        }
        for session in old { session.close() }
        return id
    }

    /// The session with an id, if it was begun with the same token.
    func session(_ id: String, for grant: MCPGrant) -> MCPSession? {
        self.state.withLock { state in
            guard let session = state.sessions[id], session.tokenID == grant.token.id else { return nil }
            return session
        }
    }

    /// Ends a session.
    func end(_ id: String) {
        self.state.withLock { $0.sessions.removeValue(forKey: id) }?.close()
    }

    /// Ends everything: what clients have read must not lie around any longer.
    func closeAll() {
        let everybody = self.state.withLock { state in
            defer {
                state.sessions = [:]
                state.guests = [:]
            }
            return Self.everybody(state)
        }
        for session in everybody { session.close() }
    }

    private static func everybody(_ state: State) -> [MCPSession] {
        Array(state.sessions.values) + Array(state.guests.values)
    }

    // MARK: Streams

    /// Refuses a stream when too many are open.
    ///
    /// - Throws: `MCPRefusal`.
    func checkRoom() throws {
        guard self.state.withLock({ $0.streams >= Self.streamLimit }) else { return }
        throw MCPRefusal(.tooManyRequests, "tooManyStreams", "Too many streams are open.", hint: "Close some of them.")
    }

    /// Counts a stream that opened.
    ///
    /// - Parameter guest: the session of a request that stands alone: it is told of changes and of the end.
    func openStream(guest: MCPSession?) {
        self.state.withLock { state in
            state.streams += 1
            if let guest { state.guests[ObjectIdentifier(guest)] = guest }
        }
    }

    /// Counts a stream that closed.
    func closeStream(guest: MCPSession?) {
        self.state.withLock { state in
            state.streams -= 1
            if let guest { state.guests[ObjectIdentifier(guest)] = nil }
        }
    }
}
