package import NIOCore
package import NIOSSL

/// The one way out to other servers: HTTP/1.1 with time limits and a size limit, and nothing else.
///
/// It follows no redirect, uses no proxy from the environment, keeps no cookies and logs nothing. A host is resolved once
/// for each connection, every address found is checked against the request's reach, and the connection goes to one of
/// these. Copies share one pool of connections; `shutdown()` closes it, and so does letting go of the last copy.
public struct HTTPTransport: Sendable {
    /// How long and how large an exchange may be.
    public struct Limits: Sendable, Hashable {
        /// From the sending of a request to the beginning of the answer, connecting included.
        public var firstByte: Duration
        /// The longest silence within an answer while it is being waited for.
        public var gap: Duration
        /// From the sending to the last byte that is read.
        public var total: Duration
        /// Bytes of one answer's body, after decompression.
        public var size: Int

        /// Creates limits. The values by default suit a language model that thinks before it speaks.
        public init(
            firstByte: Duration = .seconds(120),
            gap: Duration = .seconds(120),
            total: Duration = .seconds(1800),
            size: Int = 64 * 1024 * 1024
        ) {
            self.firstByte = firstByte
            self.gap = gap
            self.total = total
            self.size = size
        }
    }

    /// Settings of a transport.
    public struct Configuration: Sendable, Hashable {
        /// From the looking up of the name to an open connection, TLS included.
        public var connect: Duration
        public var limits: Limits
        /// How long an unused connection is kept for the next request. A request that meets the closing of one is sent
        /// once more on a new one.
        public var keepAlive: Duration
        /// Connections to one server at the same time; more requests wait in line for one of them. Each answer that is
        /// still on its way has one, so few of them would let a few long answers keep all others waiting.
        public var connectionsPerHost: Int
        /// Unused connections to one server that are kept for later requests.
        public var restingPerHost: Int

        /// Creates settings.
        public init(
            connect: Duration = .seconds(10),
            limits: Limits = Limits(),
            keepAlive: Duration = .seconds(30),
            connectionsPerHost: Int = 16_384,
            restingPerHost: Int = 256
        ) {
            self.connect = connect
            self.limits = limits
            self.keepAlive = keepAlive
            self.connectionsPerHost = connectionsPerHost
            self.restingPerHost = restingPerHost
        }
    }

    private let configuration: Configuration
    private let pool: ConnectionPool
    private let addresses = KnownAddresses()
    private let drain: TimeAmount

    /// Creates a transport. Nothing is opened before the first request.
    public init(configuration: Configuration = Configuration()) {
        self.init(configuration: configuration, lookup: HostResolver.system)
    }

    /// Creates a transport with another way to look up names, or that trusts other certificates.
    ///
    /// - Parameters:
    ///   - lookup: the addresses of a name, with the port; may block.
    ///   - drain: how long the rest of an answer is passed over after `ResponseBody.skipRest`.
    package init(
        configuration: Configuration = Configuration(),
        lookup: @escaping @Sendable (_ name: String, _ port: Int) throws -> [SocketAddress],
        trustRoots: NIOSSLTrustRoots = .default,
        drain: Duration = .seconds(1)
    ) {
        self.drain = TimeAmount(drain)
        self.configuration = configuration
        let connector = Connector(
            timeout: TimeAmount(configuration.connect),
            resolver: HostResolver(lookup: lookup),
            trustRoots: trustRoots
        )
        self.pool = ConnectionPool(
            limit: configuration.connectionsPerHost,
            restingLimit: configuration.restingPerHost,
            keepAlive: TimeAmount(configuration.keepAlive),
            connector: connector
        )
    }

    /// Sends `request` and returns when the answer's headers are here; its body is read as it is asked for.
    ///
    /// Cancelling the calling task, here or while reading the body, closes the connection at once. So does dropping the
    /// response before its body was read to the end, and the `RequestAbort` that is current when the request is sent.
    ///
    /// - Throws: `NetError`, or `CancellationError` when the task was cancelled. A status of 400 or more is an answer,
    ///   not an error.
    public func send(_ request: OutgoingRequest) async throws -> IncomingResponse {
        let address = try self.addresses.address(request.url)
        let bytes = try RequestEncoder.encode(request, to: address)
        let allowed = request.limits ?? self.configuration.limits
        let now = NIODeadline.now()
        let limits = ExchangeStateMachine.Limits(
            firstByte: now + TimeAmount(allowed.firstByte),
            gap: TimeAmount(allowed.gap),
            end: now + TimeAmount(allowed.total),
            size: allowed.size,
            drain: self.drain
        )
        do {
            return try await self.exchange(request, bytes, at: address, limits)
        } catch let failure as ExchangeFailure where failure == .firstByteTimedOut && limits.end <= limits.firstByte {
            throw NetError.translate(ExchangeFailure.tookTooLong, host: address.hostText)
        } catch {
            throw NetError.translate(error, host: address.hostText)
        }
    }

    /// Sends the request, and once more when the connection turns out to have been closed before it was used.
    private func exchange(
        _ request: OutgoingRequest,
        _ bytes: ByteBuffer,
        at address: WebAddress,
        _ limits: ExchangeStateMachine.Limits
    ) async throws -> IncomingResponse {
        var mayReuse = true
        while true {
            try Task.checkCancellation()
            let (connection, isNew) = try await self.pool.connection(
                to: address,
                reach: request.reach,
                mayReuse: mayReuse,
                deadline: min(limits.firstByte, limits.end)
            )
            let exchange = Exchange(on: connection, limits: limits)
            try RequestAbort.current?.add(exchange)
            let start = NIODeadline.now()
            do {
                let head = try await exchange.head(sending: bytes, expectsBody: request.method != .head)
                return IncomingResponse(head: head, body: ResponseBody(exchange, host: address.hostText))
            } catch ExchangeFailure.stale
                where mayReuse && !isNew && Self.mayRepeat(request.method, after: .now() - start)
            {
                mayReuse = false
            }
        }
    }

    /// Whether a request may be sent again whose connection, used before, closed without a byte of an answer.
    ///
    /// The closing of an unused connection was on its way when the request was sent, and shows after one way there and
    /// back. One that shows later may be the end of a server at work, where a second time would be a second deed.
    static func mayRepeat(_ method: OutgoingRequest.Method, after time: TimeAmount) -> Bool {
        method.isIdempotent || time < .seconds(1)
    }

    /// Closes every connection. Requests under way fail, later ones too.
    public func shutdown() async {
        await self.pool.shutdown()
    }
}
