import CherryBridge
import CherryCore
import NIOCore
import NIOEmbedded
import Testing

@testable import CherryAPI

@Suite("A connection to the hub")
struct HubSocketTests {
    private static let grant = HubGrant(id: "token", mayReadContext: false, maximumConnections: 64)
    private static let hello: JSONValue = ["type": "hello", "name": "a"]

    private static func place(_ change: (inout HubLimits) -> Void = { _ in }) async throws -> HubPlace {
        try await HubSocketStage.makeHub(Stage(), change).admit(self.grant)
    }

    @Test("Messages go in and answers come out, in whatever pieces the bytes arrive")
    func everySplit() async throws {
        let bytes = Array(ClientFrames.json(Self.hello).readableBytesView)
        let hub = HubSocketStage.makeHub(try Stage())
        var places: [HubPlace] = []
        for _ in 0...bytes.count {
            let place = try await hub.admit(Self.grant)
            places.append(place)
        }
        for (cut, place) in places.enumerated() {
            let socket = try HubSocketStage(place)
            try socket.send(ByteBuffer(bytes: bytes[..<cut]))
            try socket.send(ByteBuffer(bytes: bytes[cut...]))
            let welcome = try socket.frames().first
            #expect(welcome?.first == 0x81)
            #expect(welcome?.json?["type"] == "welcome")
        }
    }

    @Test("One byte at a time")
    func everyByte() async throws {
        let socket = try HubSocketStage(await Self.place())
        var all = ClientFrames.frame(0x01, Self.hello.bytes.prefix(10))
        all.writeImmutableBuffer(ClientFrames.frame(0x89, [1, 2]))
        all.writeImmutableBuffer(ClientFrames.frame(0x80, Self.hello.bytes.dropFirst(10)))
        for byte in all.readableBytesView { try socket.send(ByteBuffer(bytes: [byte])) }
        let frames = try socket.frames()
        #expect(frames.map(\.opcode) == [0xA, 1])
        #expect(frames.first?.payload == ByteBuffer(bytes: [1, 2]))
        #expect(frames.last?.json?["type"] == "welcome")
    }

    @Test(
        "Whoever breaks a rule is closed with the code for it",
        arguments: [
            (ClientFrames.frame(0x82, [1]), 1003), (ClientFrames.frame(0x81, [0xFF]), 1007),
            (ClientFrames.frame(0x81, [65], mask: nil), 1002), (ClientFrames.frame(0xC1, [65]), 1002),
            (ClientFrames.frame(0xA1, [65]), 1002), (ClientFrames.frame(0x91, [65]), 1002),
            (ClientFrames.frame(0x83, []), 1002), (ClientFrames.frame(0x8F, []), 1002),
            (ClientFrames.frame(0x80, [65]), 1002), (ClientFrames.frame(0x09, [65]), 1002),
            (ClientFrames.frame(0x89, [UInt8](repeating: 0, count: 126)), 1002),
            (ClientFrames.frame(0x81, [UInt8](repeating: 65, count: 1025)), 1009),
            (ClientFrames.frame(0x81, [65], length: 1 << 20), 1009),
            (ClientFrames.frame(0x81, [65], length: 1 << 62), 1009),
            (ClientFrames.frame(0x81, [65], length: .max), 1009),
            (ClientFrames.frame(0x88, [3]), 1002), (ClientFrames.close(1005), 1002),
        ] as [(ByteBuffer, UInt16)]
    )
    func violations(bytes: ByteBuffer, code: UInt16) async throws {
        let socket = try HubSocketStage(await Self.place { $0.messageBytes = 1024 })
        try socket.send(bytes)
        #expect(try socket.frames().map(\.closeCode) == [code])
        #expect(socket.hub.connectionCount == 0)
        try socket.send(Self.hello)
        try socket.send(bytes)
        #expect(try socket.frames().isEmpty, "nothing is answered after a goodbye")
        socket.channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        #expect(!socket.isOpen)
    }

    @Test("A goodbye is answered with its code, and the connection closed")
    func goodbye() async throws {
        let socket = try HubSocketStage(await Self.place())
        try socket.send(ClientFrames.close(1000))
        #expect(try socket.frames().map(\.closeCode) == [1000])
        #expect(!socket.isOpen)
        #expect(socket.hub.connectionCount == 0)
    }

    @Test("When the server says goodbye first, it closes once the client has answered, or after a while")
    func serverGoodbye() async throws {
        let hub = HubSocketStage.makeHub(try Stage())
        let (first, second) = (try await hub.admit(Self.grant), try await hub.admit(Self.grant))
        let (polite, silent) = (try HubSocketStage(first), try HubSocketStage(second))
        hub.closeAll(.sealed)
        #expect(try polite.frames().map(\.closeCode) == [4001])
        #expect(try silent.frames().map(\.closeCode) == [4001])
        try polite.send(ClientFrames.close(4001))
        #expect(!polite.isOpen)
        silent.channel.embeddedEventLoop.advanceTime(by: .seconds(4))
        #expect(silent.isOpen)
        silent.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!silent.isOpen)
    }

    @Test("A connection is asked whether it is there, and closed when it does not answer")
    func pings() async throws {
        let socket = try HubSocketStage(await Self.place())
        socket.channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        #expect(try socket.frames().map(\.opcode) == [9])
        try socket.send(ClientFrames.frame(0x8A, []))
        socket.channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        #expect(try socket.frames().map(\.opcode) == [9])
        socket.channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        #expect(try socket.frames().map(\.closeCode) == [1008])
    }

    @Test("A server that shuts down says so")
    func shutdown() async throws {
        let socket = try HubSocketStage(await Self.place())
        socket.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(try socket.frames().map(\.closeCode) == [1001])
    }

    @Test("Half a connection is none")
    func halfClosed() async throws {
        let socket = try HubSocketStage(await Self.place())
        socket.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        socket.channel.embeddedEventLoop.run()
        #expect(!socket.isOpen)
        #expect(socket.hub.connectionCount == 0)
    }

    @Test("Nothing is written while the channel is full; it waits in the hub, and comes in order afterwards")
    func backPressure() async throws {
        let socket = try HubSocketStage(await Self.place())
        try socket.send(Self.hello)
        _ = try socket.frames()
        socket.channel.isWritable = false
        for number in 0..<10 { try socket.send(["type": "ping", "id": .string("\(number)")]) }
        for number in 0..<10 { try socket.send(ClientFrames.frame(0x89, [UInt8(number)])) }
        #expect(try socket.frames().isEmpty)
        socket.channel.isWritable = true
        socket.channel.pipeline.fireChannelWritabilityChanged()
        let frames = try socket.frames()
        #expect(frames.first == ServerFrame(first: 0x8A, payload: ByteBuffer(bytes: [9])), "the newest ping alone")
        #expect(frames.dropFirst().map { $0.json?["ref"] } == (0..<10).map { .string("\($0)") })
    }

    @Test("A place that was lost before the connection was made is a connection that closes")
    func lostPlace() async throws {
        let place = try await Self.place()
        place.hub.closeAll(.sealed)
        let socket = try HubSocketStage(place)
        #expect(try socket.frames().map(\.closeCode) == [4001])
    }

    @Test("Whatever bytes come, the answer is whole frames and at most one goodbye, and the place is given back")
    func anyBytes() async throws {
        let hub = HubSocketStage.makeHub(try Stage()) { $0.messageBytes = 512 }
        var generator = SplitMix64(seed: 0x9E37_79B9_7F4A_7C15)
        for _ in 0..<40 {
            var places: [HubPlace] = []
            for _ in 0..<50 {
                let place = try await hub.admit(Self.grant)
                places.append(place)
            }
            for place in places { try Self.fuzz(place, &generator) }
        }
        #expect(hub.connectionCount == 0)
    }

    private static func fuzz(_ place: HubPlace, _ generator: inout SplitMix64) throws {
        let socket = try HubSocketStage(place)
        var bytes = ByteBuffer()
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            bytes.writeImmutableBuffer(self.randomFrame(&generator))
        }
        var raw = Array(bytes.readableBytesView)
        if Bool.random(using: &generator), !raw.isEmpty {
            raw[Int.random(in: 0..<raw.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
        if Bool.random(using: &generator) { raw.removeLast(Int.random(in: 0...raw.count, using: &generator)) }
        while !raw.isEmpty {
            let count = Int.random(in: 1...raw.count, using: &generator)
            try socket.send(ByteBuffer(bytes: raw.prefix(count)))
            raw.removeFirst(count)
        }
        let frames = try socket.frames()
        let goodbyes = frames.count { $0.opcode == 8 }
        #expect(goodbyes <= 1)
        #expect(goodbyes == 0 || frames.last?.opcode == 8)
        for frame in frames {
            #expect([1, 8, 9, 10].contains(frame.opcode) && frame.first & 0xF0 == 0x80)
            if frame.opcode == 1 { #expect(frame.json?["type"] != nil) }
        }
        if socket.isOpen { try socket.channel.close().wait() }
        socket.channel.embeddedEventLoop.run()
        #expect(!place.hub.isOpen(place.id))
    }

    private static func randomFrame(_ generator: inout SplitMix64) -> ByteBuffer {
        let texts = [
            #"{"type":"hello","name":"x"}"#, #"{"type":"ping","id":"1"}"#, #"{"type":"#, "[]", "", "é",
            #"{"type":"subscribe","topics":["presence"]}"#,
        ]
        let payload = Array((texts.randomElement(using: &generator) ?? "").utf8)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return ClientFrames.frame(UInt8.random(in: 0...255, using: &generator), payload)
        case 1: return ClientFrames.frame(0x81, payload, length: UInt64.random(in: 0...600, using: &generator))
        case 2: return ClientFrames.frame(0x81, payload, length: UInt64.random(in: 0...(.max), using: &generator))
        case 3: return ClientFrames.frame(0x01, payload)
        case 4: return ClientFrames.frame(0x80, payload)
        case 5: return ClientFrames.frame(0x89, payload)
        default: return ClientFrames.frame(0x81, payload)
        }
    }
}
