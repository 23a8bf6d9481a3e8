import CherryBridge
import CherryCache
import CherryCore
import CherryStore
import NIOCore
import NIOEmbedded
import NIOWebSocket
import Synchronization
import Testing

@testable import CherryAPI

/// A real hub, and the handlers of one of its connections on a channel without a socket.
///
/// The channel belongs to the thread that made it, so a test makes the places first and does not wait afterwards.
final class HubSocketStage {
    let channel: EmbeddedChannel
    let hub: BridgeHub
    private var pending = ByteBuffer()

    static func makeHub(_ stage: Stage, _ change: (inout HubLimits) -> Void = { _ in }) -> BridgeHub {
        var limits = HubLimits()
        change(&limits)
        return BridgeHub(
            limits: limits,
            feed: HubFeedReader(store: stage.store, vault: stage.vault),
            topics: InProcessTopics(),
            clock: stage.timer,
            logger: Stage.silence,
            // Holds the stage, and with it the database, for as long as the hub.
            isValid: { _ in stage.calls.withLock { _ in true } }
        )
    }

    init(_ place: HubPlace, pingInterval: TimeAmount = .seconds(20)) throws {
        self.hub = place.hub
        self.channel = EmbeddedChannel()
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try self.channel.pipeline.syncOperations.addHandlers([
            WebSocketFrameEncoder(),
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: place.messageLimit)),
            HubSocketHandler(place, pingInterval: pingInterval),
        ])
    }

    var isOpen: Bool { self.channel.isActive }

    func send(_ bytes: ByteBuffer) throws {
        guard self.channel.isActive else { return }
        try self.channel.writeInbound(bytes)
        self.channel.embeddedEventLoop.run()
    }

    func send(_ message: JSONValue) throws { try self.send(ClientFrames.json(message)) }

    /// The frames that were written since the last look.
    func frames() throws -> [ServerFrame] {
        self.channel.embeddedEventLoop.run()
        while var part = try self.channel.readOutbound(as: ByteBuffer.self) { self.pending.writeBuffer(&part) }
        var frames: [ServerFrame] = []
        while let frame = ServerFrame.take(from: &self.pending) { frames.append(frame) }
        return frames
    }
}
