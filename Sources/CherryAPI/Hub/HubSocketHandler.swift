import CherryBridge
import NIOCore
import NIOWebSocket

/// One connection to the hub: frames on one side, messages on the other.
///
/// It writes only while the channel is writable, so what waits for a slow client waits in the hub's bounded queue.
final class HubSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// Exits: `open` → `closing`, `ended`; `closing` → `ended`.
    private enum State {
        case open
        /// Goodbye was said; the client's is awaited.
        case closing
        case ended
    }

    /// How long the client's goodbye is waited for.
    static let goodbye = TimeAmount.seconds(5)
    /// How long is waited after frames that cannot be read any more: a goodbye among them would not be seen.
    static let blindGoodbye = TimeAmount.seconds(1)

    private let place: HubPlace
    private let pingInterval: TimeAmount
    private var reader: WebSocketReader
    private var state = State.open
    private var context: ChannelHandlerContext?
    private var isPongDue = false
    /// The newest ping that was not answered yet.
    private var pendingPong: ByteBuffer?
    private var pings: Scheduled<Void>?
    private var end: Scheduled<Void>?

    /// - Parameter place: the connection's place in the hub, which is given back when the connection ends.
    init(_ place: HubPlace, pingInterval: TimeAmount) {
        self.place = place
        self.pingInterval = pingInterval
        self.reader = WebSocketReader(limit: place.messageLimit)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.schedulePing(context)
        self.place.connect(
            ChannelLink(handler: NIOLoopBound(self, eventLoop: context.eventLoop), eventLoop: context.eventLoop)
        )
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.finish()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.finish()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch self.state {
        case .ended: return
        case .closing:
            // Whatever was still under way is not read any more.
            if frame.opcode == .connectionClose { context.close(promise: nil) }
        case .open:
            switch self.reader.receive(frame) {
            case .nothing: break
            case .message(let message): self.place.receive(message.readableBytesView)
            case .ping(let data):
                self.pendingPong = data
                self.drain()
            case .pong: self.isPongDue = false
            case .close(let code): self.answerClose(context, code)
            case .failure(let closing): self.close(closing)
            }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.drain()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: self.close(.goingAway)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: self.close(.tooBig, wait: Self.blindGoodbye)
        case is NIOWebSocketError:
            self.close(.protocolError("a control frame is too long or in pieces"), wait: Self.blindGoodbye)
        case is ByteToMessageDecoderError where self.state != .open: break  // what comes after such a frame
        default: context.close(promise: nil)
        }
    }

    /// Writes what waits, for as long as the channel takes it.
    func drain() {
        guard self.state == .open, let context = self.context else { return }
        var hasWritten = false
        while self.state == .open, context.channel.isWritable {
            if let data = self.pendingPong {
                self.pendingPong = nil
                context.write(Self.wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: data)), promise: nil)
            } else if let message = self.place.take() {
                let frame = WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: message))
                context.write(Self.wrapOutboundOut(frame), promise: nil)
            } else {
                break
            }
            hasWritten = true
        }
        if hasWritten { context.flush() }
    }

    /// Says goodbye, and closes when the client has said so too or has had the time to.
    func close(_ closing: HubClosing) { self.close(closing, wait: Self.goodbye) }

    private func close(_ closing: HubClosing, wait: TimeAmount) {
        guard self.state == .open, let context = self.context else { return }
        self.letGo(.closing)
        var data = ByteBuffer()
        data.writeInteger(closing.code)
        data.writeString(closing.reason)
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
        self.end = context.eventLoop.assumeIsolated().scheduleTask(in: wait) { context.close(promise: nil) }
    }

    private func answerClose(_ context: ChannelHandlerContext, _ code: UInt16?) {
        self.letGo(.closing)
        var data = ByteBuffer()
        if let code { data.writeInteger(code) }
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
        context.close(promise: nil)
    }

    private func finish() {
        self.letGo(.ended)
        self.end?.cancel()
        self.end = nil
    }

    /// Takes part in nothing any more.
    private func letGo(_ next: State) {
        guard self.state != .ended else { return }
        self.state = next
        self.pings?.cancel()
        self.pings = nil
        self.pendingPong = nil
        self.place.leave()
    }

    private func schedulePing(_ context: ChannelHandlerContext) {
        self.pings = context.eventLoop.assumeIsolated().scheduleTask(in: self.pingInterval) { self.ping() }
    }

    private func ping() {
        guard self.state == .open, let context = self.context else { return }
        guard !self.isPongDue else {
            self.close(.policy("a ping was not answered"))
            return
        }
        self.isPongDue = true
        let frame = WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
        self.schedulePing(context)
    }
}
