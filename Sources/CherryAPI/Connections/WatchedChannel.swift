import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// HTTP/1.1 whose requests know the connection that they came over.
///
/// A connection begins with the doors of other tools and goes over to the router with the first request that is not a plain
/// one for them. What the doors do runs on the connection's event loop; all else, which reads files and the database,
/// elsewhere.
struct WatchedChannel: ServerChildChannel {
    /// A connection of the router's, with what watches it.
    struct Routed: Sendable {
        let http: HTTP1Channel.Value
        let connection: ClientConnection
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let executor: LoopExecutor
        /// Comes when the connection goes over to the router; `nil` when it ends without that.
        let routed: EventLoopFuture<Routed?>
    }

    private let base: HTTP1Channel
    private let doors: Doors
    private let idleTimeout: TimeAmount
    private let executors = LoopExecutors()

    /// - Parameter handlers: makes what else stands between HTTP and the router.
    init(
        doors: Doors,
        responder: @escaping HTTPChannelHandler.Responder,
        idleTimeout: TimeAmount,
        handlers: @escaping @Sendable () -> [any RemovableChannelHandler]
    ) {
        self.doors = doors
        self.idleTimeout = idleTimeout
        self.base = HTTP1Channel(
            responder: { request, writer, channel in
                if DoorRequest.path(request.uri.path[...]) != nil {
                    return try await responder(request, writer, channel)
                }
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
        channel.eventLoop.makeCompletedFuture {
            let routed = channel.eventLoop.makePromise(of: Routed?.self)
            let executor = self.executors[channel.eventLoop]
            let handler = DoorHandler(
                doors: self.doors,
                executor: executor,
                idleTimeout: self.idleTimeout,
                goOver: { routed.completeWith(self.route(channel, logger)) },
                didClose: { routed.succeed(nil) }
            )
            try channel.pipeline.syncOperations.addHandler(handler)
            return Value(channel: channel, executor: executor, routed: routed.futureResult)
        }
    }

    /// Adds what the router needs.
    private func route(_ channel: any Channel, _ logger: Logger) -> EventLoopFuture<Routed?> {
        self.base.setup(channel: channel, logger: logger).flatMapThrowing { http in
            let handler = try channel.pipeline.syncOperations.handler(type: ClosingHandler.self)
            return Routed(http: http, connection: handler.connection)
        }
    }

    func handle(value: Value, logger: Logger) async {
        let routed: Routed?
        do {
            routed = try await withTaskCancellationHandler {
                try await value.routed.get()
            } onCancel: {
                value.channel.close(promise: nil)
            }
        } catch {
            logger.debug("A connection could not be set up.", metadata: ["error.type": "\(type(of: error))"])
            value.channel.close(promise: nil)
            return
        }
        guard let routed else { return }
        await ClientConnection.$current.withValue(routed.connection) {
            await withTaskExecutorPreference(value.executor) {
                await self.base.handle(value: routed.http, logger: logger)
            }
        }
    }
}
