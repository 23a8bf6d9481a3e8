import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
public import NIOSSL
import Synchronization

/// A real HTTP server on a free loopback port that answers each request by a script, byte by byte: for what well-made
/// servers never do.
public final class ScriptedHTTPServer: Sendable {
    /// A request as it was received.
    public struct Request: Sendable {
        public let method: String
        /// Path and query.
        public let target: String
        public let headers: [(name: String, value: String)]
        public let body: [UInt8]

        /// The first value of a header, whatever its case.
        public func header(_ name: String) -> String? {
            self.headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// What a script does next. After the last step the server closes the connection.
    public enum Step: Sendable {
        /// Sends bytes as they are.
        case bytes([UInt8])
        /// Sends bytes one by one, each as its own packet.
        case drip([UInt8])
        /// Goes on when the test opens the gate.
        case await(Gate)
        /// Stays silent until the client closes.
        case hang
        /// Breaks the connection so that the client sees a reset.
        case reset
        /// Leaves the connection open for the next request.
        case keepAlive
    }

    /// The port on 127.0.0.1.
    public let port: Int
    private let channel: any Channel
    private let record: Record
    private let scheme: String

    /// Starts a server that asks `script` what to do for each request.
    ///
    /// - Parameter tls: the settings of TLS; `nil` speaks plainly.
    public init(tls: NIOSSLContext? = nil, _ script: @escaping @Sendable (Request) -> [Step]) async throws {
        let record = Record()
        self.record = record
        self.scheme = tls == nil ? "http" : "https"
        self.channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(decoder))
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(script: script, record: record))
                    record.opened(channel)
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        guard let port = self.channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        self.port = port
    }

    /// Starts a server that plays one script for each request in turn, the last one again and again.
    public convenience init(scripts: [Step]...) async throws {
        let count = Mutex(0)
        try await self.init { _ in
            let index = count.withLock { value in
                defer { value += 1 }
                return value
            }
            return scripts[min(index, scripts.count - 1)]
        }
    }

    /// The address, without a path.
    public var url: String { "\(self.scheme)://127.0.0.1:\(self.port)" }

    /// Every request so far, in order.
    public var requests: [Request] { self.record.requests }

    /// Connections that were accepted so far.
    public var connectionCount: Int { self.record.connectionCount }

    /// The moments at which clients closed their connections, one for each, also those before the call. For one reader.
    public var closings: AsyncStream<ContinuousClock.Instant> { self.record.closings }

    /// Closes the port and every connection.
    public func shutdown() async {
        // The only failure is being closed already.
        try? await self.channel.close().get()
        for channel in self.record.channels { try? await channel.close().get() }
    }

    /// Runs `body` with a server and shuts it down afterwards.
    public static func with<Result>(
        tls: NIOSSLContext? = nil,
        _ script: @escaping @Sendable (Request) -> [Step],
        _ body: (ScriptedHTTPServer) async throws -> Result
    ) async throws -> Result {
        let server = try await ScriptedHTTPServer(tls: tls, script)
        do {
            let result = try await body(server)
            await server.shutdown()
            return result
        } catch {
            await server.shutdown()
            throw error
        }
    }

    /// A loopback port on which nothing listens, and which nobody else is given: a socket has it for as long as the
    /// process runs.
    public static let refusingPort: Int = {
        let holder = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(holder, $0, length) == 0 && getsockname(holder, $0, &length) == 0
            }
        }
        precondition(isBound, "loopback has a free port")
        return Int(UInt16(bigEndian: address.sin_port))
    }()
}

extension ScriptedHTTPServer {
    /// What happened so far. Written by event loops, read by the test.
    final class Record: Sendable {
        private struct State {
            var requests: [Request] = []
            var channels: [any Channel] = []
        }
        private let state = Mutex(State())
        let closings: AsyncStream<ContinuousClock.Instant>
        private let closed: AsyncStream<ContinuousClock.Instant>.Continuation

        init() {
            (self.closings, self.closed) = AsyncStream.makeStream()
        }

        var requests: [Request] { self.state.withLock { $0.requests } }
        var channels: [any Channel] { self.state.withLock { $0.channels } }
        var connectionCount: Int { self.state.withLock { $0.channels.count } }

        func received(_ request: Request) { self.state.withLock { $0.requests.append(request) } }
        func opened(_ channel: any Channel) { self.state.withLock { $0.channels.append(channel) } }
        func closedByClient() { self.closed.yield(.now) }
    }
}
