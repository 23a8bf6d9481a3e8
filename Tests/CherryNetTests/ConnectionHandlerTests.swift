import NIOCore
import NIOEmbedded
import NIOSSL
import Testing

@testable import CherryNet

@Suite("One connection")
struct ConnectionHandlerTests {
    /// Counts reads. Used on the event loop of the channel alone.
    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var count = 0

        func read(context: ChannelHandlerContext) {
            self.count += 1
            context.read()
        }
    }

    /// A connection on a channel without a socket.
    private struct Bench {
        let channel: NIOAsyncTestingChannel
        let connection: Connection
        let counter: NIOLoopBound<ReadCounter>
        let pool: ConnectionPool

        init() async throws {
            let pool = ConnectionPool(
                limit: 1,
                keepAlive: .seconds(60),
                connector: Connector(timeout: .seconds(1), resolver: HostResolver(), trustRoots: .default)
            )
            let channel = NIOAsyncTestingChannel()
            let opened = channel.eventLoop.makePromise(of: Connection.self)
            let key = ConnectionPool.Key(isSecure: false, host: .name("a"), port: 80, reach: .anywhere)
            self.counter = try await channel.eventLoop.submit {
                let counter = ReadCounter()
                let handler = ConnectionHandler(security: .none, keepAlive: .seconds(60), opened: opened)
                try channel.pipeline.syncOperations.addHandler(counter)
                try channel.pipeline.syncOperations.addHandler(handler)
                handler.serve(as: Connection(channel, handler: handler, key: key, pool: pool))
                return NIOLoopBound(counter, eventLoop: channel.eventLoop)
            }.get()
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 80)).get()
            self.connection = try await opened.futureResult.get()
            self.channel = channel
            self.pool = pool
        }

        func exchange(size: Int = 1 << 20) -> Exchange {
            let now = NIODeadline.now()
            return Exchange(
                on: self.connection,
                limits: .init(firstByte: now + .hours(1), gap: .hours(1), end: now + .hours(1), size: size)
            )
        }

        /// Sends a request whose answer begins with `text`.
        func head(_ exchange: Exchange, _ text: String) async throws -> ResponseHead {
            async let head = exchange.head(sending: ByteBuffer(string: "request"), expectsBody: true)
            #expect(try await self.channel.waitForOutboundWrite(as: ByteBuffer.self) == ByteBuffer(string: "request"))
            try await self.receive(text)
            return try await head
        }

        func receive(_ text: String) async throws {
            try await self.channel.writeInbound(ByteBuffer(string: text))
        }

        func reads() async throws -> Int {
            try await self.channel.eventLoop.submit { [counter] in counter.value.count }.get()
        }
    }

    @Test("Nothing is read while the reader has not taken what there is")
    func backpressure() async throws {
        let bench = try await Bench()
        #expect(try await bench.reads() == 1)
        let exchange = bench.exchange()
        _ = try await bench.head(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
        #expect(try await bench.reads() == 1)
        #expect(try await exchange.piece() == ByteBuffer(string: "abc"))
        #expect(try await bench.reads() == 2)
        try await bench.receive("def")
        #expect(try await bench.reads() == 2)
        #expect(try await exchange.piece() == ByteBuffer(string: "def"))
        try await bench.receive("ghi")
        #expect(try await exchange.piece() == ByteBuffer(string: "ghi"))
        #expect(try await exchange.piece() == nil)
        exchange.cancel()
    }

    @Test("Bytes that nobody asked for close the connection")
    func stray() async throws {
        let bench = try await Bench()
        let exchange = bench.exchange()
        _ = try await bench.head(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(try await exchange.piece() == nil)
        #expect(bench.channel.isActive)
        try await bench.receive("H")
        try await bench.channel.closeFuture.get()
    }

    @Test("Bytes beyond the answer close the connection")
    func leftover() async throws {
        let bench = try await Bench()
        let exchange = bench.exchange()
        _ = try await bench.head(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab")
        #expect(try await exchange.piece() == ByteBuffer(string: "a"))
        #expect(try await exchange.piece() == nil)
        try await bench.channel.closeFuture.get()
    }

    @Test("A body without a length is whole when the connection closes, and cut off when it breaks")
    func untilClose() async throws {
        let whole = try await Bench()
        let first = whole.exchange()
        _ = try await whole.head(first, "HTTP/1.1 200 OK\r\n\r\nabc")
        try await whole.channel.close().get()
        #expect(try await first.piece() == ByteBuffer(string: "abc"))
        #expect(try await first.piece() == nil)

        let broken = try await Bench()
        let second = broken.exchange()
        _ = try await broken.head(second, "HTTP/1.1 200 OK\r\n\r\nabc")
        try await broken.channel.eventLoop.submit { [channel = broken.channel] in
            channel.pipeline.fireErrorCaught(NIOSSLError.uncleanShutdown)
        }.get()
        #expect(try await second.piece() == ByteBuffer(string: "abc"))
        await #expect(throws: ExchangeFailure.lost) { _ = try await second.piece() }
    }

    @Test("A packed body is unpacked as it is read, also after the connection closed")
    func packed() async throws {
        let bench = try await Bench()
        let exchange = bench.exchange()
        var answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nX: y\r\n\r\n")
        answer.writeBytes(try InflaterTests.packed(Bombs.hundredThousandLetters))
        async let sent = exchange.head(sending: ByteBuffer(string: "request"), expectsBody: true)
        _ = try await bench.channel.waitForOutboundWrite(as: ByteBuffer.self)
        try await bench.channel.writeInbound(answer)
        #expect(try await sent.all.map(\.name) == ["X"])
        try await bench.channel.close().get()
        var sizes: [Int] = []
        while let piece = try await exchange.piece() { sizes.append(piece.readableBytes) }
        #expect(sizes.reduce(0, +) == 100_000)
        #expect(try #require(sizes.max()) < 64 * 1024)
    }
}
