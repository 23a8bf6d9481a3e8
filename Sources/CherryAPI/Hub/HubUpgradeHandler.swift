import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOWebSocket

/// Lets a connection that speaks HTTP go over to the hub's WebSocket, when the hub's route has answered 101.
///
/// The request passes all checks that any request passes, and its refusal is an ordinary answer. Only then do the
/// handlers for WebSocket come between the socket (or TLS) and those for HTTP, which from then on see nothing.
/// After a request to upgrade the HTTP decoder reads no further, so a connection that is refused is closed.
final class HubUpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Exits: `http` → `asked`; `asked` → `accepted`, `refusing`; `accepted` → `switching`, `refusing`;
    /// `switching` → `webSocket`; `refusing` → closed.
    private enum State {
        case http
        /// A request to upgrade has been read; so many answers to earlier requests come first.
        case asked(earlierAnswers: Int)
        case accepted(HubPlace)
        case switching(HubPlace)
        case refusing
        case webSocket
    }

    static let path = "/bridge/hub"

    private let pingInterval: TimeAmount
    private var state = State.http
    private var unanswered = 0
    private var isReadHeld = false

    init(pingInterval: TimeAmount) { self.pingInterval = pingInterval }

    /// Promises the connection to the hub. It goes over once the answer 101 is written.
    ///
    /// - Returns: whether the request that is being answered is one to upgrade.
    func accept(_ place: HubPlace) -> Bool {
        guard case .asked(earlierAnswers: 0) = self.state else { return false }
        self.state = .accepted(place)
        return true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let request) = Self.unwrapInboundIn(data) {
            if case .http = self.state, Self.isUpgrade(request) {
                self.state = .asked(earlierAnswers: self.unanswered)
            }
            self.unanswered += 1
        }
        context.fireChannelRead(data)
    }

    /// Nothing more is read before the request is answered: the decoder would only pile it up.
    func read(context: ChannelHandlerContext) {
        switch self.state {
        case .http, .webSocket: context.read()
        case .asked, .accepted, .switching, .refusing: self.isReadHeld = true
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch Self.unwrapOutboundIn(data) {
        case .head(let response): self.writeHead(context, response, promise)
        case .body: context.write(data, promise: promise)
        case .end: self.writeEnd(context, data, promise)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.giveUp()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.giveUp() }

    private func writeHead(
        _ context: ChannelHandlerContext,
        _ response: HTTPResponse,
        _ promise: EventLoopPromise<Void>?
    ) {
        var response = response
        switch self.state {
        case .accepted(let place) where response.status == .switchingProtocols:
            self.state = .switching(place)
        case .accepted, .asked(earlierAnswers: 0):
            self.giveUp()
            self.state = .refusing
            response.headerFields[.connection] = "close"
        default: break
        }
        context.write(Self.wrapOutboundOut(.head(response)), promise: promise)
    }

    private func writeEnd(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        self.unanswered -= 1
        switch self.state {
        case .switching(let place):
            context.writeAndFlush(data, promise: promise)
            self.goOver(context, place)
        case .refusing:
            context.writeAndFlush(data, promise: promise)
            context.close(promise: nil)
        case .asked(let earlier):
            self.state = .asked(earlierAnswers: max(0, earlier - 1))
            context.write(data, promise: promise)
        case .http, .accepted, .webSocket:
            context.write(data, promise: promise)
        }
    }

    private func goOver(_ context: ChannelHandlerContext, _ place: HubPlace) {
        let pipeline = context.pipeline.syncOperations
        do {
            // Its patience with idle connections is for HTTP; the hub has its own.
            let patience = try pipeline.context(handlerType: HTTPConnectionStateHandler.self)
            pipeline.removeHandler(context: patience, promise: nil)
            let http = try pipeline.handler(type: HTTPResponseEncoder.self)
            try pipeline.addHandlers(
                [
                    WebSocketFrameEncoder(),
                    ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: place.messageLimit)),
                    HubSocketHandler(place, pingInterval: self.pingInterval),
                ],
                position: .before(http)
            )
            self.state = .webSocket
        } catch {
            // The channel was not made for this, or is on its way down.
            self.giveUp()
            context.close(promise: nil)
            return
        }
        if self.isReadHeld {
            self.isReadHeld = false
            context.read()
        }
    }

    /// Gives a place back that no connection takes.
    private func giveUp() {
        switch self.state {
        case .accepted(let place), .switching(let place):
            self.state = .refusing
            place.leave()
        case .http, .asked, .refusing, .webSocket: break
        }
    }

    private static func isUpgrade(_ request: HTTPRequest) -> Bool {
        let path = request.path.map { $0.prefix { $0 != "?" } }
        return path.map(String.init) == self.path && request.headerFields[.upgrade] != nil
    }
}
