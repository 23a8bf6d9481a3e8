import Foundation
import NIOCore
import NIOHTTP1

/// Takes one request at a time on a connection and plays the plan for it.
final class ProviderHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    /// An answer that is being played.
    private struct Playing {
        let plan: Plan
        let id: String?
        let begun: NIODeadline
        let keepsAlive: Bool
        var step = 0
        /// Bytes of a split part that were sent.
        var offset = 0
        var pieces = 0
        var unreported = (pieces: 0, bytes: 0)
    }

    /// Writes in one go before other connections get their turn.
    private static let turn = 64

    private let service: Service
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var playing: Playing?
    private var waitsForRoom = false

    init(_ service: Service) { self.service = service }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            // A client that sends the next request before it has its answer is none that is served here.
            guard self.playing == nil else { return context.close(promise: nil) }
            self.head = head
            self.body.clear()
            if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                context.writeAndFlush(
                    self.wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")),
                    promise: nil
                )
            }
        case .body(var part):
            if self.body.readableBytes == 0 { self.body = part } else { self.body.writeBuffer(&part) }
        case .end:
            guard let head = self.head else { return }
            let exchange = self.service.answer(head, body: self.body)
            self.playing = Playing(
                plan: exchange.plan,
                id: exchange.id,
                begun: .now(),
                keepsAlive: exchange.plan.keepsAlive && head.isKeepAlive
            )
            self.head = nil
            self.body = ByteBuffer()
            self.play(context: context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, self.waitsForRoom {
            self.waitsForRoom = false
            self.play(context: context)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard let playing = self.playing, let id = playing.id else { return }
        self.report()
        self.playing = nil
        let now = NIODeadline.now()
        self.service.ledger.closedByClient(
            id,
            .init(
                afterMilliseconds: Double((now - playing.begun).nanoseconds) / 1e6,
                monotonicMilliseconds: Double(now.uptimeNanoseconds) / 1e6,
                pieces: playing.pieces
            )
        )
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: Playing

    private func play(context: ChannelHandlerContext) {
        for _ in 0..<Self.turn {
            guard let playing = self.playing else { return }
            guard playing.step < playing.plan.steps.count else { return self.end(context: context) }
            switch playing.plan.steps[playing.step] {
            case .send(let buffer, let pieces):
                guard self.send(buffer, context: context) else { return }
                self.next(pieces: pieces)
            case .split(let bytes, let size, let pause, let pieces):
                let end = min(playing.offset + size, bytes.count)
                guard self.send(BodyMaker.chunk(bytes[playing.offset..<end]), context: context) else { return }
                self.playing?.offset = end
                if end == bytes.count { self.next(pieces: pieces) }
                if pause > 0 { return self.goOn(after: pause, context: context) }
            case .wait(let milliseconds):
                self.next(pieces: 0)
                return self.goOn(after: milliseconds, context: context)
            case .hang: return self.report()
            case .reset, .close: return self.breakOff(playing, context: context)
            }
        }
        self.report()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.0.play(context: bound.value.1) }
    }

    /// Sends bytes if there is room for them; otherwise playing goes on when there is.
    private func send(_ buffer: ByteBuffer, context: ChannelHandlerContext) -> Bool {
        guard context.channel.isWritable else {
            self.waitsForRoom = true
            self.report()
            return false
        }
        self.playing?.unreported.bytes += buffer.readableBytes
        context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil)
        return true
    }

    private func next(pieces: Int) {
        self.playing?.step += 1
        self.playing?.offset = 0
        self.playing?.pieces += pieces
        self.playing?.unreported.pieces += pieces
    }

    private func goOn(after milliseconds: Int, context: ChannelHandlerContext) {
        self.report()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
            bound.value.0.play(context: bound.value.1)
        }
    }

    private func end(context: ChannelHandlerContext) {
        guard let playing = self.playing else { return }
        self.report()
        self.playing = nil
        if let id = playing.id { self.service.ledger.finished(id, refusal: playing.plan.refusal) }
        if !playing.keepsAlive { context.close(promise: nil) }
    }

    private func breakOff(_ playing: Playing, context: ChannelHandlerContext) {
        self.report()
        self.playing = nil
        if let id = playing.id { self.service.ledger.broke(id) }
        guard case .reset = playing.plan.steps[playing.step],
            let options = context.channel as? any SocketOptionProvider
        else { return context.close(promise: nil) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in bound.value.close(promise: nil) }
    }

    private func report() {
        guard let playing = self.playing, let id = playing.id else { return }
        self.service.ledger.sent(id, pieces: playing.unreported.pieces, bytes: playing.unreported.bytes)
        self.playing?.unreported = (0, 0)
    }
}
