import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// HTTP/1.1 whose requests know the connection that they came over.
///
/// Requests that other tools make at the doors are served on the connection's event loop; all others, which read files
/// and the database, elsewhere.
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
            responder: { request, writer, channel in
                if Doors.path(of: request) != nil { return try await responder(request, writer, channel) }
                var writer: ResponseWriter? = writer
                try await withTaskExecutorPreference(globalConcurrentExecutor) {
                    guard let writer = writer.take() else { return }
                    try await responder(request, writer, channel)
                }
            },
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
        let executor = LoopExecutor(value.channel.eventLoop)
        await ClientConnection.$current.withValue(value.connection) {
            await withTaskExecutorPreference(executor) {
                await self.base.handle(value: value.http, logger: logger)
            }
        }
    }
}
