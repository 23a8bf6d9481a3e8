import NIOCore
import NIOHTTP1
import NIOPosix

/// Collects one request at a time and plays the script for it.
final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let script: @Sendable (ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step]
    private let record: ScriptedHTTPServer.Record
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isClosing = false

    init(
        script: @escaping @Sendable (ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step],
        record: ScriptedHTTPServer.Record
    ) {
        self.script = script
        self.record = record
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.body = []
        case .body(let buffer):
            self.body += Array(buffer.readableBytesView)
        case .end:
            guard let head = self.head else { return }
            let request = ScriptedHTTPServer.Request(
                method: head.method.rawValue,
                target: head.uri,
                headers: head.headers.map { ($0.name, $0.value) },
                body: self.body
            )
            self.record.received(request)
            self.play(self.script(request)[...], context: context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !self.isClosing { self.record.closedByClient() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func play(_ steps: ArraySlice<ScriptedHTTPServer.Step>, context: ChannelHandlerContext) {
        let rest = steps.dropFirst()
        switch steps.first {
        case nil:
            self.isClosing = true
            context.close(promise: nil)
        case .bytes(let bytes):
            self.send(bytes, then: rest, context: context)
        case .drip(let bytes):
            guard let first = bytes.first else { return self.play(rest, context: context) }
            self.send([first], then: [.drip(Array(bytes.dropFirst()))] + rest, context: context)
        case .await(let gate):
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let loop = context.eventLoop
            gate.whenOpen {
                loop.execute {
                    let (handler, context) = bound.value
                    handler.play(rest, context: context)
                }
            }
        case .hang, .keepAlive:
            break
        case .reset:
            self.isClosing = true
            let linger = linger(l_onoff: 1, l_linger: 0)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            let set = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger)
            (set ?? context.eventLoop.makeSucceededVoidFuture()).whenComplete { _ in
                bound.value.close(promise: nil)
            }
        }
    }

    private func send(
        _ bytes: [UInt8],
        then rest: ArraySlice<ScriptedHTTPServer.Step>,
        context: ChannelHandlerContext
    ) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        context.writeAndFlush(self.wrapOutboundOut(buffer)).whenSuccess {
            let (handler, context) = bound.value
            handler.play(rest, context: context)
        }
    }
}
