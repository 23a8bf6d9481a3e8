import NIOCore
import NIOSSL
import NIOTLS

/// Hands the bytes of one channel on as they are asked for. Works on the channel's event loop alone.
final class SocketHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let security: ConnectionHandler.Security
    /// Kept when the connection is usable; `nil` from then on, and so is `connection`, which would keep itself alive.
    private var opened: EventLoopPromise<SocketConnection>?
    private var connection: SocketConnection?
    private var context: ChannelHandlerContext?
    private var waiter: EventLoopPromise<[UInt8]?>?
    private var arrived: [UInt8] = []
    /// What broke the connection; an orderly end is none.
    private var failure: ExchangeFailure?

    init(security: ConnectionHandler.Security, opened: EventLoopPromise<SocketConnection>) {
        self.security = security
        self.opened = opened
    }

    /// Names the handle of this connection, before it opens.
    func serve(as connection: SocketConnection) {
        self.connection = connection
    }

    // MARK: For the connection

    /// The next bytes; `nil` at the end.
    func receive(on eventLoop: any EventLoop) -> EventLoopFuture<[UInt8]?> {
        let promise = eventLoop.makePromise(of: [UInt8]?.self)
        self.waiter?.fail(ExchangeFailure.lost)  // only one may ask at a time
        self.waiter = promise
        self.deliver()
        if self.waiter != nil { self.context?.read() }
        return promise.futureResult
    }

    private func deliver() {
        guard let waiter, !self.arrived.isEmpty || self.context == nil else { return }
        self.waiter = nil
        if !self.arrived.isEmpty {
            waiter.succeed(self.arrived)
            self.arrived = []
        } else if let failure {
            waiter.fail(failure)
        } else {
            waiter.succeed(nil)
        }
    }

    // MARK: Opening and closing

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        switch self.security {
        case .none: self.didOpen(.success(()))
        case .tls: context.read()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted = event, case .tls(let name) = self.security else { return }
        // No handler or no certificate is as good as a wrong one.
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        guard let certificate, name.map({ PeerName.isProven($0, by: certificate) }) ?? true else {
            return self.errorCaught(context: context, error: NIOSSLError.unableToValidateCertificate)
        }
        self.didOpen(.success(()))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.failure = .lost
        self.didOpen(.failure(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.didOpen(.failure(ChannelError.eof))
        self.context = nil
        self.deliver()
    }

    private func didOpen(_ result: Result<Void, any Error>) {
        guard let opened, let connection else { return }
        self.opened = nil
        self.connection = nil
        opened.completeWith(result.map { connection })
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.arrived += self.unwrapInboundIn(data).readableBytesView
        self.deliver()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // What came may have been of TLS alone.
        if self.waiter != nil { context.read() }
    }
}
