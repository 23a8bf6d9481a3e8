import NIOCore
import NIOPosix

/// A bare connection: a test says byte for byte what is sent and reads what comes, when it comes.
struct RawConnection: ~Copyable {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ""

    /// Connects to a server on this machine for as long as `body` runs, then closes.
    static func open<Value: Sendable>(
        to port: Int,
        _ body: (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    private init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    func send(_ text: String) async throws { try await self.outbound.write(ByteBuffer(string: text)) }

    func send(_ bytes: ByteBuffer) async throws { try await self.outbound.write(bytes) }

    /// Everything that came, once it contains `mark` (or the connection has ended).
    mutating func read(until mark: String) async throws -> String {
        try await self.read { $0.contains(mark) }
    }

    /// Everything that came, once it is enough (or the connection has ended).
    mutating func read(until isEnough: (String) -> Bool) async throws -> String {
        while !isEnough(self.received), let part = try await self.inbound.next(isolation: #isolation) {
            self.received += String(buffer: part)
        }
        return self.received
    }

    /// Lets go of what came, so that `read` finds what comes from now on.
    mutating func forget() { self.received = "" }

    /// Everything that came before the server closed.
    mutating func readToEnd() async throws -> String {
        while let part = try await self.inbound.next(isolation: #isolation) { self.received += String(buffer: part) }
        return self.received
    }
}
