import NIOCore

/// One connection to one place, wherever it is used from. It is given to one exchange at a time.
final class Connection: Sendable {
    let key: ConnectionPool.Key
    let channel: any Channel
    private let handler: NIOLoopBound<ConnectionHandler>
    private let pool: @Sendable () -> ConnectionPool?

    /// Creates the handle of an open channel, on its event loop.
    init(_ channel: any Channel, handler: ConnectionHandler, key: ConnectionPool.Key, pool: ConnectionPool) {
        self.key = key
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        self.pool = { [weak pool] in pool }
    }

    func isOn(_ eventLoop: any EventLoop) -> Bool { self.channel.eventLoop === eventLoop }

    // MARK: For the exchange

    func start(_ exchange: Exchange, request: ByteBuffer, expectsBody: Bool) {
        self.onLoop { $0.start(exchange, request: request, expectsBody: expectsBody) }
    }

    /// The reader took what had arrived.
    func readOn() { self.onLoop { $0.readOn() } }

    /// Fails what is under way and closes.
    func shutDown() { self.onLoop { $0.shutDown() } }

    func close() { self.channel.close(promise: nil) }

    private func onLoop(_ body: @escaping @Sendable (ConnectionHandler) -> Void) {
        if self.channel.eventLoop.inEventLoop {
            body(self.handler.value)
        } else {
            self.channel.eventLoop.execute { body(self.handler.value) }
        }
    }

    // MARK: For the handler

    /// Gives the connection back after an exchange.
    ///
    /// - Returns: false when nobody keeps it, so that it has to be closed.
    func release() -> Bool { self.pool()?.release(self) ?? false }

    /// Takes the connection out of use.
    ///
    /// - Returns: false when an exchange has it.
    func retire() -> Bool { self.pool()?.retire(self) ?? true }

    /// Reports that the channel is closed.
    func didClose() { self.pool()?.closed(self) }
}
