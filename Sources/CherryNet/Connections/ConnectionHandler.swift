import NIOCore
import NIOSSL
import NIOTLS

/// Speaks HTTP/1.1 on one channel, one exchange after the other. Works on the channel's event loop alone.
///
/// The channel reads only when told to: while it rests, to learn of its closing, and while an exchange asks for more.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Unpacked bytes after which the reader is asked whether it wants more.
    private static let unpackedAtOnce = 16 * 1024

    /// How the channel is secured; the certificate must be for the name, if there is one.
    enum Security {
        case none
        case tls(name: String?)
    }

    private let security: Security
    private let keepAlive: TimeAmount
    /// Kept when the connection is usable; `nil` from then on.
    private var opened: EventLoopPromise<Connection>?
    private var context: ChannelHandlerContext?
    private var connection: Connection?
    private var exchange: Exchange?
    private var parser = ResponseParser()
    private var inflater: Inflater?
    /// Bytes that arrived and wait to be parsed.
    private var wire = ByteBuffer()
    private var hasServed = false
    private var isReading = false
    private var isClosing = false
    /// What broke the connection.
    private var failure: ExchangeFailure?
    private var restsUntil = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?
    private var timerDeadline = NIODeadline.distantFuture

    init(security: Security, keepAlive: TimeAmount, opened: EventLoopPromise<Connection>) {
        self.security = security
        self.keepAlive = keepAlive
        self.opened = opened
    }

    // MARK: Opening and closing

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        self.read()
        if case .none = self.security { self.didOpen() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted = event, case .tls(let name) = self.security else { return }
        // No handler or no certificate is as good as a wrong one.
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        guard let certificate, name.map({ PeerName.isProven($0, by: certificate) }) ?? true else {
            return self.errorCaught(context: context, error: NIOSSLError.unableToValidateCertificate)
        }
        self.didOpen()
    }

    private func didOpen() {
        guard let connection else { return }
        self.opened?.succeed(connection)
        self.opened = nil
    }

    /// Names the handle of this connection, before it opens.
    func serve(as connection: Connection) {
        self.connection = connection
    }

    func shutDown() {
        let exchange = self.exchange
        self.letGo(reusable: false)
        self.close()
        exchange?.arrived(.init(ending: .failed(.closed))).wake()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.opened?.fail(error)
        self.opened = nil
        // A peer that closes without saying so ends a body without a length too early, and nothing else.
        let isTLS = error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError
        let isUnclean = error as? NIOSSLError == .uncleanShutdown
        self.failure = isTLS && !isUnclean ? .untrusted : .lost
        self.close()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.opened?.fail(ChannelError.eof)
        self.opened = nil
        self.timer?.cancel()
        self.timer = nil
        self.isClosing = true
        self.context = nil
        self.pump()
        self.connection?.didClose()
        self.connection = nil
    }

    private func close() {
        guard !self.isClosing else { return }
        self.isClosing = true
        self.context?.close(promise: nil)
    }

    // MARK: Reading

    private func read() {
        guard !self.isReading, let context else { return }
        self.isReading = true
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.isReading = false
        guard self.exchange != nil || !self.hasServed else {
            // Nothing was asked for: whatever this is, the next answer must not be mistaken for it.
            _ = self.connection?.retire()
            return self.close()
        }
        var bytes = self.unwrapInboundIn(data)
        if self.wire.readableBytes == 0 { self.wire = bytes } else { self.wire.writeBuffer(&bytes) }
        self.pump()
    }

    func readOn() {
        self.pump()
    }

    // MARK: Exchanges

    func start(_ exchange: Exchange, request: ByteBuffer, expectsBody: Bool) {
        guard let context, !self.isClosing, !exchange.hasFailed else {
            exchange.arrived(.init(ending: .failed(self.hasServed ? .stale : .lost))).wake()
            return self.close()
        }
        self.exchange = exchange
        self.parser.begin(expectsBody: expectsBody)
        context.write(self.wrapOutboundOut(request), promise: nil)
        // What is sent in one moment reaches the other side in one, which then wakes up once for all of it.
        context.eventLoop.assumeIsolated().execute { self.context?.flush() }
        self.pump()
    }

    /// Parses what is here, as far as the reader wants it, and tells the exchange.
    private func pump() {
        guard let exchange else { return }
        var arrival = ExchangeStateMachine.Arrival()
        do {
            while arrival.ending == nil {
                if let piece = try self.inflater?.next() {
                    arrival.append(piece)
                    guard arrival.size >= Self.unpackedAtOnce else { continue }
                    guard self.deliver(arrival, to: exchange) else { return }
                    arrival = .init()
                } else if let event = try self.parser.next(from: &self.wire) {
                    try self.take(event, into: &arrival)
                } else {
                    if self.context == nil { arrival.ending = self.endOfStream() }
                    break
                }
            }
        } catch {
            arrival.ending = .failed(error is Inflater.Damaged ? .damaged : .malformed)
        }
        if self.wire.readableBytes == 0 { self.wire = ByteBuffer() }
        if self.deliver(arrival, to: exchange) { self.read() }
    }

    private func take(
        _ event: ResponseParser.Event,
        into arrival: inout ExchangeStateMachine.Arrival
    ) throws {
        switch event {
        case .head(var head):
            self.inflater = head.value(of: "content-encoding").flatMap(Inflater.init(coding:))
            if self.inflater != nil { head.forgetPacking() }
            arrival.head = head
        case .body(let bytes):
            if let inflater { inflater.feed(bytes) } else { arrival.append(bytes) }
        case .end:
            if let inflater, !inflater.isWhole { throw Inflater.Damaged() }
            arrival.ending = .whole
        }
    }

    /// What the closing of the channel means for the answer.
    private func endOfStream() -> ExchangeStateMachine.Ending {
        if let failure, failure != .lost { return .failed(failure) }
        guard self.parser.hasBegun else { return .failed(self.hasServed ? .stale : .lost) }
        guard self.failure == nil, (try? self.parser.close()) != nil else { return .failed(.lost) }  // cut off
        return self.inflater?.isWhole == false ? .failed(.damaged) : .whole
    }

    /// Tells the exchange what arrived. Returns whether it wants more.
    private func deliver(_ arrival: ExchangeStateMachine.Arrival, to exchange: Exchange) -> Bool {
        var isFree = false
        if arrival.ending != nil {
            isFree = self.parser.mayPersist && self.wire.readableBytes == 0 && !self.isClosing
            self.letGo(reusable: isFree)
        }
        var isKept = false
        let (next, wake) = exchange.arrived(arrival) {
            isKept = isFree && self.connection?.release() == true
        }
        defer { wake() }
        switch next {
        case .readOn(let latest):
            self.look(atLatest: latest)
            return true
        case .pause:
            return false
        case .over:
            if isKept {
                self.look(atLatest: self.restsUntil)
                self.read()
            } else {
                self.letGo(reusable: false)
                self.close()
            }
            return false
        }
    }

    private func letGo(reusable: Bool) {
        self.exchange = nil
        self.inflater = nil
        self.hasServed = true
        self.wire = ByteBuffer()
        if reusable { self.restsUntil = .now() + self.keepAlive }
    }

    // MARK: Time

    /// Sees to it that the time is looked at by then. A timer that is due earlier is left as it is and set anew when it
    /// finds nothing to do, so that a busy connection does not set one for each piece.
    private func look(atLatest deadline: NIODeadline) {
        guard let context, deadline < self.timerDeadline || self.timer == nil else { return }
        self.timer?.cancel()
        self.timerDeadline = deadline
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.timePassed() }
    }

    private func timePassed() {
        self.timer = nil
        let now = NIODeadline.now()
        if let exchange {
            let (again, wake) = exchange.expire(now: now)
            if let again {
                self.look(atLatest: again)
            } else {
                self.letGo(reusable: false)
                self.close()
            }
            wake()
        } else if now < self.restsUntil {
            self.look(atLatest: self.restsUntil)
        } else if self.connection?.retire() == true {
            self.close()
        }
    }
}

extension ExchangeStateMachine.Arrival {
    /// Bytes of the piece.
    var size: Int { self.piece?.readableBytes ?? 0 }

    mutating func append(_ bytes: ByteBuffer) {
        if self.piece == nil { self.piece = bytes } else { self.piece?.writeImmutableBuffer(bytes) }
    }
}
