import NIOCore
import NIOPosix
import Synchronization

/// The connections of one transport. Closes those at rest when it goes; those that serve close when they are done.
final class ConnectionPool: Sendable {
    /// What has to be the same for two requests to share a connection.
    struct Key: Sendable, Hashable {
        let isSecure: Bool
        let host: WebAddress.Host
        let port: Int
        let reach: EgressReach
    }

    /// What those who wait in line get.
    fileprivate enum Turn {
        case use(Connection)
        case open
    }

    fileprivate typealias Line = HostPool<Connection, CheckedContinuation<Turn, any Error>>

    fileprivate struct State {
        var hosts: [Key: Line] = [:]
        /// Every open connection.
        var all: [ObjectIdentifier: Connection] = [:]
        var lastWaiter: UInt64 = 0
        var isClosed = false
    }

    private let newLine: @Sendable () -> Line
    private let connector: Connector
    private let keepAlive: TimeAmount
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: connections to one place.
    ///   - restingLimit: how many of them are kept while nobody needs them.
    ///   - keepAlive: for how long.
    init(limit: Int, restingLimit: Int = .max, keepAlive: TimeAmount, connector: Connector) {
        self.newLine = { Line(limit: limit, restingLimit: restingLimit) }
        self.keepAlive = keepAlive
        self.connector = connector
    }

    deinit {
        for connection in self.state.withLock({ $0.all.values.map { $0 } }) where self.retire(connection) {
            connection.close()
        }
    }

    // MARK: For requests

    /// A connection for one exchange, at rest or new.
    ///
    /// - Parameters:
    ///   - mayReuse: false asks for a new one.
    ///   - deadline: when waiting in line or opening one has taken too long.
    /// - Throws: `ExchangeFailure`, what the connector throws.
    func connection(
        to address: WebAddress,
        reach: EgressReach,
        mayReuse: Bool,
        deadline: NIODeadline
    ) async throws -> (connection: Connection, isNew: Bool) {
        let key = Key(isSecure: address.isSecure, host: address.host, port: address.port, reach: reach)
        let eventLoop = MultiThreadedEventLoopGroup.currentEventLoop
        let grant = try self.state.withLock { state in
            guard !state.isClosed else { throw ExchangeFailure.closed }
            // Without TLS one is opened in less time than going to another thread and back takes, again and again.
            return state.hosts[key, default: self.newLine()].acquire(
                mayReuse: mayReuse,
                prefers: eventLoop.map { loop in { $0.isOn(loop) } },
                opensRather: eventLoop != nil && !key.isSecure
            )
        }
        switch grant {
        case .use(let connection): return (connection, false)
        case .open(let closing):
            closing?.close()
            return (try await self.open(key, deadline: deadline), true)
        case nil: break
        }
        switch try await self.turn(key, deadline: deadline) {
        case .use(let connection): return (connection, false)
        case .open: return (try await self.open(key, deadline: deadline), true)
        }
    }

    private func open(_ key: Key, deadline: NIODeadline) async throws -> Connection {
        let connection: Connection
        do {
            connection = try await self.connector.open(key, deadline: deadline) { channel, security, opened in
                let handler = ConnectionHandler(security: security, keepAlive: self.keepAlive, opened: opened)
                try channel.pipeline.syncOperations.addHandler(handler)
                handler.serve(as: Connection(channel, handler: handler, key: key, pool: self))
            }
        } catch {
            let next = self.state.withLock { $0.vacate(key) }
            next?.resume(returning: .open)
            throw error
        }
        let isClosed = self.state.withLock { state in
            state.all[ObjectIdentifier(connection)] = connection
            return state.isClosed
        }
        if isClosed { connection.close() }
        // One that closed before it was known here has nobody else to report it.
        if !connection.channel.isActive { self.closed(connection) }
        guard !isClosed else { throw ExchangeFailure.closed }
        return connection
    }

    // MARK: The line

    /// Waits for a turn.
    private func turn(_ key: Key, deadline: NIODeadline) async throws -> Turn {
        let id = self.state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(deadline: deadline) { [weak self] in
            self?.leave(key, id, .firstByteTimedOut)
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                self.join(key, id, waiter)
                if Task.isCancelled { self.leave(key, id, .cancelled) }
            }
        } onCancel: {
            self.leave(key, id, .cancelled)
        }
    }

    private func join(_ key: Key, _ id: UInt64, _ waiter: CheckedContinuation<Turn, any Error>) {
        // What became free since the first asking is taken at once.
        let result = self.state.withLock { state -> Result<Line.Grant, ExchangeFailure>? in
            guard !state.isClosed else { return .failure(.closed) }
            if let grant = state.hosts[key, default: self.newLine()].acquire(mayReuse: true) {
                return .success(grant)
            }
            state.hosts[key]?.wait(waiter, id: id)
            return nil
        }
        switch result {
        case .failure(let failure): waiter.resume(throwing: failure)
        case .success(.use(let connection)): waiter.resume(returning: .use(connection))
        case .success(.open(let closing)):
            closing?.close()
            waiter.resume(returning: .open)
        case nil: break
        }
    }

    private func leave(_ key: Key, _ id: UInt64, _ failure: ExchangeFailure) {
        let waiter = self.state.withLock { $0.hosts[key]?.leave(id: id) }
        waiter?.resume(throwing: failure)
    }

    // MARK: For connections

    /// Takes a connection back that has served.
    ///
    /// - Returns: false when it is not kept.
    func release(_ connection: Connection) -> Bool {
        let release = self.state.withLock { state in
            state.isClosed ? .close : state.hosts[connection.key]?.release(connection) ?? .rest
        }
        switch release {
        case .serve(let waiter):
            waiter.resume(returning: .use(connection))
            return true
        case .rest: return true
        case .close: return false
        }
    }

    /// Takes a connection at rest out of use.
    ///
    /// - Returns: false when it was given out.
    func retire(_ connection: Connection) -> Bool {
        self.state.withLock { $0.hosts[connection.key]?.retire(connection) ?? true }
    }

    /// Forgets a connection whose channel is closed.
    func closed(_ connection: Connection) {
        let next = self.state.withLock { state -> CheckedContinuation<Turn, any Error>? in
            guard state.all.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return nil }
            _ = state.hosts[connection.key]?.retire(connection)
            return state.vacate(connection.key)
        }
        next?.resume(returning: .open)
    }

    /// Closes everything, and refuses what comes later.
    func shutdown() async {
        let (connections, waiters) = self.state.withLock { state in
            state.isClosed = true
            let waiters = state.hosts.keys.flatMap { state.hosts[$0]?.disband() ?? [] }
            return (Array(state.all.values), waiters)
        }
        for waiter in waiters { waiter.resume(throwing: ExchangeFailure.closed) }
        for connection in connections { connection.shutDown() }
        // A channel's closing is reported as a success whatever led to it.
        for connection in connections { try? await connection.channel.closeFuture.get() }
    }
}

extension ConnectionPool.State {
    /// Gives the place of a connection that is gone to the next in line.
    fileprivate mutating func vacate(_ key: ConnectionPool.Key) -> CheckedContinuation<ConnectionPool.Turn, any Error>?
    {
        let next = self.hosts[key]?.vacate()
        if self.hosts[key]?.isEmpty == true { self.hosts[key] = nil }
        return next
    }
}
