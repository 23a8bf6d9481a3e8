import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// One try to connect to one address.
final class ConnectionAttempt: Sendable {
    private enum State {
        case before
        case began(any Channel)
        case givenUp
    }

    private let key: ConnectionPool.Key
    private let address: SocketAddress
    private let context: NIOSSLContext?
    private let keepAlive: TimeAmount
    private let state = Mutex(State.before)

    init(key: ConnectionPool.Key, address: SocketAddress, context: NIOSSLContext?, keepAlive: TimeAmount) {
        self.key = key
        self.address = address
        self.context = context
        self.keepAlive = keepAlive
    }

    /// Connects. A try that fails, takes too long or is cancelled leaves no socket behind.
    ///
    /// - Throws: `ExchangeFailure`, `CancellationError`.
    func run(
        on eventLoop: any EventLoop,
        until deadline: NIODeadline,
        orThrow timedOut: ExchangeFailure,
        for pool: ConnectionPool
    ) async throws -> Connection {
        let opened = eventLoop.makePromise(of: Connection.self)
        ClientBootstrap(group: eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 16 * 1024)
            )
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(deadline - .now())
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.begin(channel, opened: opened, for: pool) }
            }
            .connect(to: self.address)
            .whenFailure { opened.fail($0) }
        do {
            return try await opened.futureResult.get(until: deadline, orThrow: timedOut)
        } catch {
            self.giveUp()
            throw Self.translate(error, timedOut: timedOut)
        }
    }

    private func begin(
        _ channel: any Channel,
        opened: EventLoopPromise<Connection>,
        for pool: ConnectionPool
    ) throws {
        let isWanted = self.state.withLock { state in
            if case .givenUp = state { return false }
            state = .began(channel)
            return true
        }
        guard isWanted else { throw CancellationError() }
        let handlers = channel.pipeline.syncOperations
        var security = ConnectionHandler.Security.none
        if let context {
            // For an address there is no name to send; it is then looked for in the certificate itself.
            var name: String?
            if case .name(let text) = self.key.host { name = text }
            security = .tls(name: name)
            try handlers.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
        }
        let handler = ConnectionHandler(security: security, keepAlive: self.keepAlive, opened: opened)
        try handlers.addHandler(handler)
        handler.serve(as: Connection(channel, handler: handler, key: self.key, pool: pool))
    }

    private func giveUp() {
        let state = self.state.withLock { state in
            defer { state = .givenUp }
            return state
        }
        if case .began(let channel) = state { channel.close(promise: nil) }
    }

    private static func translate(_ error: any Error, timedOut: ExchangeFailure) -> any Error {
        switch error {
        case is CancellationError, is ExchangeFailure: error
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: ExchangeFailure.untrusted
        case ChannelError.connectTimeout: timedOut
        default: ExchangeFailure.unreachable
        }
    }
}
