import CherryCore

/// The hub's decisions: who is here, who follows what, which tasks are under way, and what waits for whom.
///
/// A value without clock, sockets and store: events go in, actions come out. Time is told with each event, as the
/// duration since any fixed moment; it must not go backwards.
///
/// ## Topics
/// - Connections: `admit`, `receive`, `take`, `leave`, `close`, `reset`
/// - The change feed: `feedReached`, `feedRead`, `feedFailed`
/// - Other processes: `receive(_:)`, `published`
/// - Time: `advance`
public struct HubStateMachine: Sendable {
    struct Connection: Sendable {
        let grant: HubGrant
        let since: Duration
        /// The tool's name, once it has greeted.
        var name: String?
        var topics: Set<HubTopic> = []
        var wantsContent = false
        var outbox = HubOutbox()
        /// When something was last taken, or began to wait.
        var movedAt: Duration
        /// Whether the welcome was taken.
        var isWelcomed = false
        /// Tools that this connection has not been told the news of.
        var news = HubNews()
        /// Topics on which something was lost, which it has not been told.
        var gaps: Set<HubTopic> = []
        var feed = HubFeedCursor()

        /// Whether anything waits.
        var isWaiting: Bool { !self.outbox.isEmpty || !self.news.isEmpty || !self.gaps.isEmpty }
    }

    struct Tool: Sendable {
        var grant: HubGrant
        var presence: HubPresence
        var connection: HubConnectionID?
        /// Since when it is away.
        var awaySince: Duration = .zero
        var memory: HubMemory
    }

    let limits: HubLimits
    var connections: [HubConnectionID: Connection] = [:]
    var tools: [String: Tool] = [:]
    var tasks: [String: HubTask] = [:]
    var taskBytes = 0
    var newest: Int64 = 0
    var publishing = 0
    private var lastID = 0
    private var actions: [HubAction] = []

    /// Creates a hub without connections.
    public init(limits: HubLimits = HubLimits()) { self.limits = limits }

    /// How many connections there are.
    public var connectionCount: Int { self.connections.count }

    /// Whether a connection has its place still.
    public func contains(_ id: HubConnectionID) -> Bool { self.connections[id] != nil }

    /// The grants of all connections.
    public var grants: Set<HubGrant> { Set(self.connections.values.map(\.grant)) }

    // MARK: Connections

    /// Gives a connection its place.
    ///
    /// - Throws: `HubProblem` with code `tooMany`.
    public mutating func admit(_ grant: HubGrant, at now: Duration) throws(HubProblem) -> HubConnectionID {
        guard self.connections.count < self.limits.connections else {
            throw HubProblem(.tooMany, "Too many connections to the hub are open.")
        }
        guard self.connections.values.count(where: { $0.grant.id == grant.id }) < grant.maximumConnections else {
            throw HubProblem(.tooMany, "Too many connections to the hub are open under this token.")
        }
        self.lastID += 1
        let id = HubConnectionID(number: self.lastID)
        self.connections[id] = Connection(grant: grant, since: now, movedAt: now)
        return id
    }

    /// Takes in one message of a client.
    public mutating func receive(
        _ bytes: some Collection<UInt8>,
        from id: HubConnectionID,
        at now: Duration
    ) -> [HubAction] {
        guard self.connections[id] != nil else { return [] }
        var reference: String?
        do throws(HubProblem) {
            guard let message = try? JSONValue(parsing: bytes) else {  // whatever is wrong with it, it is not JSON
                throw .malformed("The message is not JSON.")
            }
            reference = HubEnvelope.id(of: message)
            let envelope = try HubEnvelope(message, limits: self.limits)
            try self.handle(envelope, size: bytes.count, from: id, at: now)
        } catch {
            self.reply(.error(error, answering: reference), to: id, at: now)
        }
        return self.flush()
    }

    /// The next message to send to a connection; `nil` when nothing waits.
    public mutating func take(_ id: HubConnectionID, at now: Duration) -> (bytes: [UInt8]?, actions: [HubAction]) {
        guard var connection = self.connections[id] else { return (nil, []) }
        connection.movedAt = now
        // News of tools first, as they are few; but never before the welcome.
        if connection.isWelcomed, let notice = self.pendingNotice(of: &connection) {
            self.connections[id] = connection
            return (notice.bytes, [])
        }
        let item = connection.outbox.takeFirst()
        if item?.origin == .welcome { connection.isWelcomed = true }
        self.connections[id] = connection
        if case .result(let task)? = item?.origin { self.resultWasSent(of: task, at: now) }
        self.readFeedIfUseful(for: id)
        return (item?.bytes, self.flush())
    }

    /// A connection has ended.
    public mutating func leave(_ id: HubConnectionID, at now: Duration) -> [HubAction] {
        self.remove(id, at: now)
        return self.flush()
    }

    /// Closes the connections of some grants and forgets their tools.
    public mutating func close(
        as closing: HubClosing,
        at now: Duration,
        where isMeant: (HubGrant) -> Bool
    ) -> [HubAction] {
        for (id, connection) in self.connections where isMeant(connection.grant) {
            self.drop(id, closing, at: now)
        }
        for (name, tool) in self.tools where isMeant(tool.grant) { self.forget(name, at: now) }
        return self.flush()
    }

    /// Closes everything and forgets everything: what tools told each other is the user's.
    public mutating func reset(as closing: HubClosing) -> [HubAction] {
        for id in self.connections.keys { self.actions.append(.close(id, closing)) }
        self.connections = [:]
        self.tools = [:]
        self.tasks = [:]
        self.taskBytes = 0
        return self.flush()
    }

    // MARK: Within

    mutating func act(_ action: HubAction) {
        if !self.actions.contains(action) { self.actions.append(action) }
    }

    mutating func flush() -> [HubAction] {
        defer { self.actions = [] }
        return self.actions
    }

    /// Lets go of a connection and has it closed.
    mutating func drop(_ id: HubConnectionID, _ closing: HubClosing, at now: Duration) {
        guard self.connections[id] != nil else { return }
        self.remove(id, at: now)
        self.act(.close(id, closing))
    }

    /// Queues the answer to a client's own message. A client that asks on and on without reading is closed.
    mutating func reply(_ notice: HubNotice, to id: HubConnectionID, at now: Duration) {
        guard let connection = self.connections[id] else { return }
        if connection.outbox.count >= 2 * self.limits.queuedMessages {
            self.drop(id, .policy("answers are not read"), at: now)
        } else {
            self.queue(notice, to: id, at: now)
        }
    }

    /// Queues a notice whatever waits already: only for those whose number is bounded otherwise.
    mutating func queue(
        _ notice: HubNotice,
        _ origin: HubOutbox.Origin? = nil,
        to id: HubConnectionID,
        at now: Duration
    ) {
        self.wake(id, at: now) { $0.outbox.append(HubOutbox.Item(bytes: notice.bytes, origin: origin)) }
    }

    /// Changes what waits for a connection, and has it taken.
    mutating func wake(_ id: HubConnectionID, at now: Duration, _ change: (inout Connection) -> Void) {
        guard var connection = self.connections[id] else { return }
        if !connection.isWaiting { connection.movedAt = now }
        change(&connection)
        self.connections[id] = connection
        self.act(.wake(id))
    }

    /// Queues a notice if there is room.
    ///
    /// - Returns: whether there was.
    mutating func queueIfRoom(
        _ notice: HubNotice,
        _ origin: HubOutbox.Origin? = nil,
        to id: HubConnectionID,
        at now: Duration
    ) -> Bool {
        guard let connection = self.connections[id],
            connection.outbox.hasRoom(for: notice.bytes.count, within: self.limits)
        else { return false }
        self.queue(notice, origin, to: id, at: now)
        return true
    }

    private func pendingNotice(of connection: inout Connection) -> HubNotice? {
        if let topic = connection.gaps.popFirst() { return .gap(on: topic) }
        guard let news = connection.news.take() else { return nil }
        switch news {
        case .all: return .presence(self.presences, isWhole: true)
        case .some(let names):
            return .presence(names.sorted().map { self.presence(of: $0) }, isWhole: false)
        }
    }

    /// Removes a connection, tells whoever waits for what it did not get, and has its tasks done by others.
    private mutating func remove(_ id: HubConnectionID, at now: Duration) {
        guard let connection = self.connections.removeValue(forKey: id) else { return }
        for case .message(let sender, let message) in connection.outbox.origins {
            guard let place = self.tools[sender]?.connection else { continue }
            let problem = HubProblem(.undelivered, "The receiver left before it got the message.")
            self.queue(.error(problem, answering: message), to: place, at: now)
        }
        guard let name = connection.name, self.tools[name]?.connection == id else { return }
        self.tools[name]?.connection = nil
        self.tools[name]?.awaySince = now
        self.tools[name]?.presence.state = .away
        self.tellNews(of: name, at: now)
        self.handOverTasks(offeredTo: name, at: now)
        self.forgetOldestAway(at: now)
    }
}
