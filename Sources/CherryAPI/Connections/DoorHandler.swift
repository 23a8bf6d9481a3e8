import CherryNet
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// Answers the plain requests of other tools on a connection that carries nothing else.
///
/// With the first request that is not plain, or not for the doors, the connection goes over to HTTP as the router speaks it,
/// for good and from that request's first byte on.
final class DoorHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = ByteBuffer

    /// Bytes of later requests that are kept while one is answered, at least; then nothing more is read.
    private static let heldLimit = 64 << 10

    /// Exits: `reading` → `answering`, `over`; `answering` → `reading`, `over`.
    private enum State {
        case reading
        case answering
        /// The connection is closed, or belongs to the router.
        case over
    }

    private let doors: Doors
    private let executor: LoopExecutor
    private let idleTimeout: TimeAmount
    private let goOver: () -> Void
    private let didClose: () -> Void
    private let connection = ClientConnection()

    private var context: ChannelHandlerContext?
    private var state = State.reading
    private var received = ByteBuffer()
    /// A head whose body has not come as a whole.
    private var head: PlainRequest?
    private var isReadHeld = false
    private var isInputClosed = false
    private var closesAfterAnswer = false
    private var output = AnswerOutput()
    private var isFlushDue = false
    private var waiter: CheckedContinuation<Void, any Error>?
    private var lastActivity = NIODeadline.now()
    private var idleTimer: Scheduled<Void>?

    /// - Parameters:
    ///   - goOver: adds the handlers of the router's HTTP behind this one.
    ///   - didClose: the connection has ended without having gone over.
    init(
        doors: Doors,
        executor: LoopExecutor,
        idleTimeout: TimeAmount,
        goOver: @escaping () -> Void,
        didClose: @escaping () -> Void
    ) {
        self.doors = doors
        self.executor = executor
        self.idleTimeout = idleTimeout
        self.goOver = goOver
        self.didClose = didClose
    }

    // MARK: What comes in

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.watch(context, in: self.idleTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.idleTimer?.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        self.lastActivity = .now()
        if self.received.readableBytes == 0 { self.received = bytes } else { self.received.writeBuffer(&bytes) }
        if case .reading = self.state { self.proceed(context) }
    }

    /// What is read ahead is bounded, though not stopped before that: only reading tells that the client has gone.
    func read(context: ChannelHandlerContext) {
        if case .answering = self.state, self.received.readableBytes >= Self.heldLimit {
            self.isReadHeld = true
        } else {
            context.read()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            self.isInputClosed = true
            self.connection.close()
            if case .reading = self.state { context.close(promise: nil) }
        case is ChannelShouldQuiesceEvent:
            self.closesAfterAnswer = true
            if case .reading = self.state { context.close(promise: nil) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        self.state = .over
        self.context = nil
        self.idleTimer?.cancel()
        self.connection.close()
        self.waiter.take()?.resume(throwing: ChannelError.ioOnClosedChannel)
        self.didClose()
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.waiter.take()?.resume() }
        context.fireChannelWritabilityChanged()
    }

    /// Reads the next request, if it is here.
    private func proceed(_ context: ChannelHandlerContext) {
        guard self.received.readableBytes > 0 else { return }
        let reading = self.head.map { .request($0) } ?? self.received.withUnsafeReadableBytes(PlainRequest.read)
        switch reading {
        case .incomplete: return
        case .notPlain: self.handOver(context)
        case .request(let head):
            guard self.received.readableBytes >= head.headLength + head.bodyLength else {
                self.head = head
                return
            }
            self.head = nil
            self.received.moveReaderIndex(forwardBy: head.headLength)
            let body = self.received.readSlice(length: head.bodyLength) ?? ByteBuffer()
            if self.received.readableBytes == 0 { self.received = ByteBuffer() }
            if let request = DoorRequest(head, body: body, channel: context.channel) {
                self.answer(request, closes: head.closes)
            }
        }
    }

    private func handOver(_ context: ChannelHandlerContext) {
        self.state = .over
        self.goOver()
        context.fireChannelRead(Self.wrapInboundOut(self.received))
        context.fireChannelReadComplete()
        self.received = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func watch(_ context: ChannelHandlerContext, in time: TimeAmount) {
        self.idleTimer = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            guard let context = self.context else { return }
            if case .answering = self.state { return self.watch(context, in: self.idleTimeout) }
            let rest = self.idleTimeout - (NIODeadline.now() - self.lastActivity)
            if rest > .zero { self.watch(context, in: rest) } else { context.close(promise: nil) }
        }
    }

    // MARK: What goes out

    private func answer(_ request: DoorRequest, closes: Bool) {
        self.state = .answering
        if closes { self.closesAfterAnswer = true }
        self.executor.requests.value += 1
        let handler = NIOLoopBound(self, eventLoop: request.channel.eventLoop)
        Task(executorPreference: self.executor) { [doors, connection, requests = self.executor.requests] in
            defer { requests.value -= 1 }
            await ClientConnection.$current.withValue(connection) {
                do {
                    let response = try await doors.respond(to: request)
                    handler.value.begin(response)
                    try await response.body.write(Writer(handler: handler))
                } catch {
                    // Of an answer that breaks off the rest could not be told from another.
                    handler.value.context?.close(promise: nil)
                }
            }
        }
    }

    /// A sign of life, which a stream gives past the task that writes it.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .body(let bytes) = Self.unwrapOutboundIn(data) else { return }
        context.write(Self.wrapOutboundOut(self.output.piece(bytes)), promise: promise)
    }

    private func begin(_ response: Response) {
        self.output.begin(response, date: self.doors.date.now, closes: self.closesAfterAnswer)
    }

    private func send(_ piece: ByteBuffer) throws {
        guard let context else { throw ChannelError.ioOnClosedChannel }
        context.write(Self.wrapOutboundOut(self.output.piece(piece)), promise: nil)
        if self.output.isStreamed { self.flush(context) }
    }

    private func finish() throws {
        guard let context else { throw ChannelError.ioOnClosedChannel }
        if let rest = self.output.finish() { context.write(Self.wrapOutboundOut(rest), promise: nil) }
        self.state = .reading
        self.lastActivity = .now()
        guard !self.closesAfterAnswer, !self.isInputClosed else {
            context.flush()
            return context.close(promise: nil)
        }
        self.flush(context)
        self.proceed(context)
        if self.isReadHeld {
            self.isReadHeld = false
            context.read()
        }
    }

    /// Gives what was written to the system: at once where this is the only request, else with what others write in the
    /// same moment, so that whoever receives it all wakes up once.
    private func flush(_ context: ChannelHandlerContext) {
        if self.executor.requests.value == 1 { return context.flush() }
        guard !self.isFlushDue else { return }
        self.isFlushDue = true
        context.eventLoop.assumeIsolated().execute {
            self.isFlushDue = false
            self.context?.flush()
        }
    }

    private func waitUntilWritable(_ waiter: CheckedContinuation<Void, any Error>) {
        guard let context else { return waiter.resume(throwing: ChannelError.ioOnClosedChannel) }
        if context.channel.isWritable { waiter.resume() } else { self.waiter = waiter }
    }

    /// Writes the body of one answer. Used on the connection's event loop alone, where the task runs that makes the answer.
    private struct Writer: ResponseBodyWriter {
        let handler: NIOLoopBound<DoorHandler>

        func write(_ buffer: ByteBuffer) async throws {
            let handler = self.handler.value
            guard buffer.readableBytes > 0 else { return }
            try handler.send(buffer)
            guard handler.context?.channel.isWritable == false else { return }
            try await withCheckedThrowingContinuation { self.handler.value.waitUntilWritable($0) }
        }

        func finish(_ trailers: HTTPFields?) async throws { try self.handler.value.finish() }
    }
}
