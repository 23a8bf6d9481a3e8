import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// One try to connect to one address.
final class ConnectionAttempt<Opened: Sendable>: Sendable {
    /// Puts what speaks on the channel into its pipeline, below TLS, before the channel connects. The promise is kept
    /// when what it makes is usable.
    typealias SetUp =
        @Sendable (any Channel, ConnectionHandler.Security, _ opened: EventLoopPromise<Opened>) throws -> Void

    private enum State {
        case before
        case began(any Channel)
        case givenUp
    }

    private let key: ConnectionPool.Key
    private let address: SocketAddress
    private let context: NIOSSLContext?
    private let setUp: SetUp
    private let state = Mutex(State.before)

    init(
        key: ConnectionPool.Key,
        address: SocketAddress,
        context: NIOSSLContext?,
        setUp: @escaping SetUp
    ) {
        self.key = key
        self.address = address
        self.context = context
        self.setUp = setUp
    }

    /// Connects. A try that fails, takes too long or is cancelled leaves no socket behind.
    ///
    /// - Throws: `ExchangeFailure`, `CancellationError`.
    func run(
        on eventLoop: any EventLoop,
        until deadline: NIODeadline,
        orThrow timedOut: ExchangeFailure
    ) async throws -> Opened {
        let opened = eventLoop.makePromise(of: Opened.self)
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
                channel.eventLoop.makeCompletedFuture { try self.begin(channel, opened: opened) }
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

    private func begin(_ channel: any Channel, opened: EventLoopPromise<Opened>) throws {
        let isWanted = self.state.withLock { state in
            if case .givenUp = state { return false }
            state = .began(channel)
            return true
        }
        guard isWanted else { throw CancellationError() }
        var security = ConnectionHandler.Security.none
        if let context {
            // For an address there is no name to send; it is then looked for in the certificate itself.
            var name: String?
            if case .name(let text) = self.key.host { name = text }
            security = .tls(name: name)
            let handler = try NIOSSLClientHandler(context: context, serverHostname: name)
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        try self.setUp(channel, security, opened)
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
