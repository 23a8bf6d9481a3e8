import NIOCore

/// Asks on one connection, again and again.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let run: Run
    private var reader = ResponseReader()
    private var asked = NIODeadline.now()
    private var isAnswering = false
    private var hasBegun = false

    init(_ run: Run) { self.run = run }

    func channelActive(context: ChannelHandlerContext) {
        self.run.opened(context.channel)
        self.ask(context: context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        var isBroken = self.isAnswering
        if self.isAnswering, self.reader.close() == .complete {
            isBroken = false
            _ = self.run.finished(self.reader.answer, after: (.now() - self.asked).nanoseconds)
        }
        self.run.closed(context.channel, wasAnswering: isBroken)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let before = self.reader.answer
        let outcome = self.unwrapInboundIn(data).withUnsafeReadableBytes { self.reader.feed($0) }
        self.run.received(
            events: self.reader.answer.events - before.events,
            bytes: self.reader.answer.bodyBytes - before.bodyBytes
        )
        if !self.hasBegun, self.reader.answer.bodyBytes > 0 {
            self.hasBegun = true
            self.run.began(after: (.now() - self.asked).nanoseconds)
        }
        switch outcome {
        case .partial: break
        case .broken:
            self.run.failed("garbled")
            context.close(promise: nil)
        case .complete:
            self.isAnswering = false
            let goesOn = self.run.finished(self.reader.answer, after: (.now() - self.asked).nanoseconds)
            if goesOn, self.reader.answer.keepsAlive { self.ask(context: context) } else { context.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func ask(context: ChannelHandlerContext) {
        self.reader.reset()
        self.isAnswering = true
        self.hasBegun = false
        self.asked = .now()
        context.writeAndFlush(self.wrapOutboundOut(self.run.request), promise: nil)
    }
}
