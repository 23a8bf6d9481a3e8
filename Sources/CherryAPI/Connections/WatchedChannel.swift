import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// HTTP/1.1 whose requests know the connection that they came over.
struct WatchedChannel: ServerChildChannel {
    /// A connection with what watches it.
    struct Value: ServerChildChannelValue {
        let http: HTTP1Channel.Value
        let connection: ClientConnection

        var channel: any Channel { self.http.channel }
    }

    private let base: HTTP1Channel

    /// - Parameter handlers: makes what else stands between HTTP and the router.
    init(
        responder: @escaping HTTPChannelHandler.Responder,
        idleTimeout: TimeAmount,
        handlers: @escaping @Sendable () -> [any RemovableChannelHandler]
    ) {
        self.base = HTTP1Channel(
            responder: responder,
            configuration: .init(additionalChannelHandlers: [ClosingHandler()] + handlers(), idleTimeout: idleTimeout)
        )
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        self.base.setup(channel: channel, logger: logger).flatMapThrowing { http in
            let handler = try http.channel.pipeline.syncOperations.handler(type: ClosingHandler.self)
            return Value(http: http, connection: handler.connection)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await ClientConnection.$current.withValue(value.connection) {
            await self.base.handle(value: value.http, logger: logger)
        }
    }
}
