import CherryCore
import NIOCore
import NIOPosix
import Testing

/// A tool that speaks to the hub over a socket.
struct HubClient: ~Copyable {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ByteBuffer()
    /// The answer to the handshake.
    private(set) var head = ""

    static let handshake = """
        GET /bridge/hub HTTP/1.1\r
        Host: localhost\r
        Connection: keep-alive, Upgrade\r
        Upgrade: WebSocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Protocol: other, cherry.hub.1\r\n
        """

    /// Connects to a server on this machine for as long as `body` runs.
    static func connect<Value: Sendable>(
        to port: Int?,
        _ body: (inout HubClient) async throws -> Value
    ) async throws -> Value {
        let port = try #require(port)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var client = HubClient(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&client)
        }
    }

    /// Opens the WebSocket with a token and greets under a name.
    static func join<Value: Sendable>(
        _ port: Int?,
        as name: String,
        token: String = "ck-a",
        _ hello: JSONObject = [:],
        _ body: (inout HubClient) async throws -> Value
    ) async throws -> Value {
        try await self.connect(to: port) { client in
            try await client.upgrade(headers: "Authorization: Bearer \(token)\r\n")
            try #require(client.head.hasPrefix("HTTP/1.1 101"))
            var message: JSONObject = ["type": "hello", "name": .string(name)]
            for (key, value) in hello { message[key] = value }
            try await client.send(.object(message))
            let welcome = try await client.receive()
            #expect(welcome["type"] == "welcome")
            return try await body(&client)
        }
    }

    private init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    /// Asks for the WebSocket and reads the answer's head into `head`.
    mutating func upgrade(headers: String) async throws {
        try await self.send(ByteBuffer(string: "\(Self.handshake)\(headers)\r\n"))
        try await self.readHead()
    }

    /// Reads one answer's head.
    mutating func readHead() async throws {
        self.head = ""
        while !self.head.hasSuffix("\r\n\r\n") {
            if let byte = self.received.readString(length: 1) {
                self.head += byte
            } else if try await !self.more() {
                return
            }
        }
    }

    /// Reads `count` bytes of a body.
    mutating func readBody(_ count: Int) async throws -> String {
        while self.received.readableBytes < count {
            guard try await self.more() else { break }
        }
        return self.received.readString(length: min(count, self.received.readableBytes)) ?? ""
    }

    /// Everything until the server closes.
    mutating func readToEnd() async throws -> String {
        while try await self.more() {}
        return self.received.readString(length: self.received.readableBytes) ?? ""
    }

    func send(_ bytes: ByteBuffer) async throws { try await self.outbound.write(bytes) }

    func send(_ message: JSONValue) async throws { try await self.send(ClientFrames.json(message)) }

    /// The next frame; `nil` when the connection has ended.
    mutating func frame() async throws -> ServerFrame? {
        while true {
            if let frame = ServerFrame.take(from: &self.received) { return frame }
            guard try await self.more() else { return nil }
        }
    }

    /// The next message.
    mutating func receive() async throws -> JSONValue {
        let frame = try #require(try await self.frame())
        return try #require(frame.json, "\(frame)")
    }

    /// The next message of a type, past others.
    mutating func receive(_ type: String) async throws -> JSONValue {
        while true {
            let message = try await self.receive()
            if message["type"]?.string == type { return message }
        }
    }

    /// The code that the server closes with, past messages.
    mutating func receiveClose() async throws -> UInt16? {
        while let frame = try await self.frame() {
            if let code = frame.closeCode { return code }
        }
        return nil
    }

    private mutating func more() async throws -> Bool {
        guard var part = try await self.inbound.next(isolation: #isolation) else { return false }
        self.received.writeBuffer(&part)
        return true
    }
}
