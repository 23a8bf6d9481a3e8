public import NIOCore
import NIOPosix
public import NIOSSL
import Synchronization

/// A server on a free loopback port that speaks bytes, for protocols other than HTTP. A test says what each connection
/// does.
public struct ScriptedSocketServer: Sendable {
    /// One accepted connection. Closed when its script returns or throws.
    public struct Connection: Sendable {
        /// Counted from 0 in the order of accepting.
        public let number: Int
        /// What the client sends.
        public let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
        private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private let channel: any Channel

        init(
            number: Int,
            inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
            outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
            channel: any Channel
        ) {
            self.number = number
            self.inbound = inbound
            self.outbound = outbound
            self.channel = channel
        }

        public func send(_ bytes: [UInt8]) async throws {
            try await self.outbound.write(ByteBuffer(bytes: bytes))
        }

        /// Breaks the connection so that the client sees a reset.
        public func reset() async throws {
            let linger = linger(l_onoff: 1, l_linger: 0)
            try await (self.channel as? any SocketOptionProvider)?.setSoLinger(linger).get()
            try await self.channel.close()
        }

        /// Stays silent until the client closes.
        public func hang() async throws {
            for try await _ in self.inbound {}
        }
    }

    /// The port on 127.0.0.1.
    public let port: Int
    private let count: Count

    /// NIO ends the program when a connection is freed that nobody has served, and one that comes while a server ends is
    /// not served any more.
    private static let kept = Mutex<[NIOAsyncChannel<ByteBuffer, ByteBuffer>]>([])

    private final class Count: Sendable {
        let value = Mutex(0)
    }

    /// Connections that were accepted so far.
    public var connectionCount: Int { self.count.value.withLock { $0 } }

    /// Runs `body` with a server, and ends the server and its connections afterwards.
    ///
    /// - Parameters:
    ///   - tls: the settings of TLS; `nil` speaks plainly.
    ///   - script: what happens on a connection; what it throws ends that connection alone.
    public static func with<Result: Sendable>(
        tls: NIOSSLContext? = nil,
        _ script: @escaping @Sendable (Connection) async throws -> Void,
        _ body: (ScriptedSocketServer) async throws -> Result
    ) async throws -> Result {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    let connection = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    Self.kept.withLock { $0.append(connection) }
                    return connection
                }
            }
        guard let port = listener.channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        let server = Self(port: port, count: Count())
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await server.serve(listener, script) }
            defer { group.cancelAll() }
            return try await body(server)
        }
    }

    private func serve(
        _ listener: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>,
        _ script: @escaping @Sendable (Connection) async throws -> Void
    ) async {
        // Being cancelled is how it ends.
        try? await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    let number = self.count.value.withLock { value in
                        defer { value += 1 }
                        return value
                    }
                    group.addTask {
                        // What breaks one connection is no matter of the others.
                        try? await connection.executeThenClose { inbound, outbound in
                            try await script(
                                Connection(
                                    number: number,
                                    inbound: inbound,
                                    outbound: outbound,
                                    channel: connection.channel
                                )
                            )
                        }
                    }
                }
            }
        }
    }
}
