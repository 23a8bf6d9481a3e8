public import CherryCore
public import CherryJournal
public import CherryNet

/// Sends the log to Fluentd or Fluent Bit by the forward protocol, each chunk acknowledged.
///
/// A chunk that is not acknowledged in time is sent again under the same id, to the next server if there is one; a server
/// that had it after all then has it twice. `id` in each event tells a repetition.
public actor FluentDestination: JournalDestination {
    /// How events are packed: by gzip, not at all, or as a plain array for servers that know nothing else.
    public enum Mode: String, Sendable, CaseIterable {
        case compressed, packed, plain

        var chunk: FluentChunk.Mode {
            switch self {
            case .compressed: .compressed
            case .packed: .packed
            case .plain: .plain
            }
        }
    }

    /// Where and how to send.
    public struct Configuration: Sendable {
        /// Tried in this order; 24224 is the usual port.
        public var servers: [SocketPlace]
        public var reach: EgressReach
        /// Needed by servers with a `<security>` section; without it there is no greeting.
        public var sharedKey: Secret<String>?
        public var user: (name: String, password: Secret<String>)?
        public var tag: String
        public var mode: Mode
        /// To connect and for each message of the greeting.
        public var connectTime: Duration
        /// From sending a chunk to its acknowledgement.
        public var acknowledgementTime: Duration
        /// How long a server that failed is left alone while another one serves.
        public var recovery: Duration

        public init(
            servers: [SocketPlace],
            reach: EgressReach,
            sharedKey: Secret<String>? = nil,
            user: (name: String, password: Secret<String>)? = nil,
            tag: String = "cherry.log",
            mode: Mode = .compressed,
            connectTime: Duration = .seconds(10),
            acknowledgementTime: Duration = .seconds(60),
            recovery: Duration = .seconds(60)
        ) {
            self.servers = servers
            self.reach = reach
            self.sharedKey = sharedKey
            self.user = user
            self.tag = tag
            self.mode = mode
            self.connectTime = connectTime
            self.acknowledgementTime = acknowledgementTime
            self.recovery = recovery
        }
    }

    public nonisolated let name: String
    public nonisolated let kinds: Set<JournalKind> = [.log, .debugLog]
    public nonisolated let limits = DeliveryLimits(records: 1000, bytes: 1 << 20)

    private let configuration: Configuration
    private let identity: ServiceIdentity
    private let connector: SocketConnector
    private let now: @Sendable () -> ContinuousClock.Instant
    private var ring: FluentServerRing
    /// The connection that the last chunk went by, and its server. Whoever delivers takes it away meanwhile.
    private var session: (session: FluentSession, place: Int)?

    /// - Parameter now: the time by which servers recover.
    public init(
        name: String = "fluent",
        _ configuration: Configuration,
        identity: ServiceIdentity,
        connector: SocketConnector = SocketConnector(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.name = name
        self.configuration = configuration
        self.identity = identity
        self.connector = connector
        self.now = now
        self.ring = FluentServerRing(count: configuration.servers.count, recovery: configuration.recovery)
    }

    public func deliver(_ records: [JournalRecord]) async -> Delivery {
        let batch = DeliveryBatch(records)
        guard !batch.lines.isEmpty else { return batch.delivery([]) }
        let chunk = FluentChunk(
            tag: self.configuration.tag,
            records: batch.lines.map { self.record($0) },
            ids: batch.lines.map(\.id),
            mode: self.configuration.mode.chunk
        )
        var reason = "fluent_closed"
        var pause: Duration?
        for place in self.ring.order(at: self.now()) {
            do {
                try await self.deliver(chunk, to: place)
                self.ring.succeeded(place)
                return batch.delivery(all: .sent)
            } catch is CancellationError {
                return batch.delivery(all: .retry(reason: "cancelled"))
            } catch let error as FluentFailure {
                reason = error.reason
                if error.needsPerson { pause = HTTPVerdict.personPause }
            } catch let error as NetError {
                reason = "net_\(error.code)"
            } catch {
                reason = "fluent_closed"
            }
            self.ring.failed(place, at: self.now())
        }
        return batch.delivery(all: .retry(reason: reason), pause: pause)
    }

    /// Sends a chunk to one server, by the open connection if there is one to it.
    private func deliver(_ chunk: FluentChunk, to place: Int) async throws {
        let open = self.session
        self.session = nil
        if var session = open?.session, open?.place == place {
            do {
                try await session.deliver(chunk, within: self.configuration.acknowledgementTime)
                self.keep(session, place)
                return
            } catch let error as FluentFailure where error == .closed {
                // It had been closed while it was not used; a new one tells whether the server is there.
            } catch let error as NetError where error.code == .connectionLost {
                // The same.
            }
        }
        var session = try await self.connect(to: place)
        try await session.deliver(chunk, within: self.configuration.acknowledgementTime)
        self.keep(session, place)
    }

    private func keep(_ session: FluentSession, _ place: Int) {
        self.session = session.keepsAlive ? (session, place) : nil
    }

    private func connect(to place: Int) async throws -> FluentSession {
        let configuration = self.configuration
        let connection = try await self.connector.connect(
            to: configuration.servers[place],
            reach: configuration.reach,
            within: configuration.connectTime
        )
        var session = FluentSession(connection)
        guard let sharedKey = configuration.sharedKey else { return session }
        let identity = FluentHandshake.Identity(
            hostname: self.identity.instance,
            sharedKey: sharedKey,
            user: configuration.user
        )
        var random = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        try await session.greet(identity, salt: salt, within: configuration.connectTime)
        return session
    }

    private func record(_ line: DeliveredLine) -> FluentRecord {
        let fields = line.fields(from: self.identity) + [("id", .text(line.id))]
        return FluentRecord(time: line.time, fields: fields)
    }
}
