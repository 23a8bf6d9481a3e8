import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression

/// The one way out to other servers: HTTP/1.1 with time limits and a size limit, and nothing else.
///
/// It follows no redirect, uses no proxy from the environment, keeps no cookies and logs nothing. Copies share one pool
/// of connections; `shutdown()` closes it, and so does letting go of the last copy.
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
        /// From the first packet to an open connection, TLS included.
        public var connect: Duration
        public var limits: Limits
        /// How long an unused connection is kept for the next request. Many servers close theirs after five seconds,
        /// and a request that meets the closing is lost.
        public var keepAlive: Duration
        /// Connections to one server at the same time; more requests wait for one of them.
        public var connectionsPerHost: Int

        /// Creates settings.
        public init(
            connect: Duration = .seconds(10),
            limits: Limits = Limits(),
            keepAlive: Duration = .seconds(4),
            connectionsPerHost: Int = 64
        ) {
            self.connect = connect
            self.limits = limits
            self.keepAlive = keepAlive
            self.connectionsPerHost = connectionsPerHost
        }
    }

    private let configuration: Configuration
    private let pool: ConnectionPool

    /// Creates a transport. Nothing is opened before the first request.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        self.pool = ConnectionPool(configuration)
    }

    /// Sends `request` and returns when the answer's headers are here; its body is read as it is asked for.
    ///
    /// Cancelling the calling task, here or while reading the body, closes the connection at once. So does dropping the
    /// response before its body was read to the end.
    ///
    /// - Throws: `NetError`, or `CancellationError` when the task was cancelled. A status of 400 or more is an answer,
    ///   not an error.
    public func send(_ request: OutgoingRequest) async throws -> IncomingResponse {
        let target = try EgressTarget(request.url)
        let limits = request.limits ?? self.configuration.limits
        let end = ContinuousClock.now + limits.total

        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if let body = request.body { outgoing.body = .bytes(body) }

        let patience = min(limits.firstByte, limits.total)
        do {
            let response = try await self.pool.client.execute(outgoing, timeout: TimeAmount(patience))
            let body = ResponseBody(response.body, keeping: self.pool, host: target.host, limits: limits, end: end)
            return IncomingResponse(status: Int(response.status.code), headers: response.headers, body: body)
        } catch {
            let error = NetError.translate(error, host: target.host, phase: .beforeAnswer)
            let isTotal = (error as? NetError)?.code == .firstByteTimedOut && limits.total <= limits.firstByte
            throw isTotal ? NetError.tookTooLong(host: target.host) : error
        }
    }

    /// Closes every connection. Requests under way fail, later ones too.
    public func shutdown() async {
        // The only failure is having been shut down before, which is what the caller wants.
        try? await self.pool.client.shutdown()
    }
}

/// Owns the client so that its connections are closed when the last transport that shares it goes.
private final class ConnectionPool: Sendable {
    let client: HTTPClient

    init(_ configuration: HTTPTransport.Configuration) {
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(configuration.connect)),
            decompression: .enabled(limit: .size(configuration.limits.size))
        )
        settings.httpVersion = .http1Only
        settings.proxy = nil
        settings.tracing.tracer = nil
        settings.connectionPool.idleTimeout = TimeAmount(configuration.keepAlive)
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.connectionsPerHost
        // A server that refuses connections is reported at once; trying again is the caller's decision.
        settings.connectionPool.retryConnectionEstablishment = false
        self.client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
    }

    deinit {
        self.client.shutdown { _ in }
    }
}
