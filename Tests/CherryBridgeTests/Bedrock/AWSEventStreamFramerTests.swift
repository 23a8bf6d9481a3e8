import CherryCore
import Testing

@testable import CherryBridge

@Suite("AWS event streams")
struct AWSEventStreamFramerTests {
    /// Read by the Python SDK of AWS as an event `contentBlockDelta` with this payload.
    private static let known =
        "000000a2000000579acad7c80b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d"
        + "747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74"
        + "426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224b6972f09f8d92227d2c2270223a226162227dba4d3602"
    private static let payload = #"{"contentBlockIndex":0,"delta":{"text":"Kir🍒"},"p":"ab"}"#

    private static let events = [
        StreamedEvent(name: "messageStart", data: #"{"role":"assistant"}"#),
        StreamedEvent(name: "contentBlockDelta", data: payload), StreamedEvent(name: "throttlingException", data: "{}"),
    ]
    private static let stream =
        EventStreamMessage.event("messageStart", #"{"role":"assistant"}"#).bytes
        + EventStreamMessage.event("contentBlockDelta", payload).bytes
        + EventStreamMessage.exception("throttlingException", "{}").bytes

    private func read(_ pieces: [[UInt8]]) throws -> [StreamedEvent] {
        var framer = AWSEventStreamFramer()
        return try pieces.flatMap { try framer.feed($0) } + framer.finish()
    }

    @Test("A message that the SDK of AWS reads")
    func known() throws {
        let digits = Array(Self.known)
        let bytes = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0
        }
        #expect(try self.read([bytes]) == [StreamedEvent(name: "contentBlockDelta", data: Self.payload)])
        #expect(EventStreamMessage.event("contentBlockDelta", Self.payload).bytes == bytes)
    }

    @Test("Cutting the stream at any byte changes nothing")
    func split() throws {
        #expect(try self.read(Self.stream.map { [$0] }) == Self.events)
        for cut in 0...Self.stream.count {
            let pieces = [Array(Self.stream[..<cut]), Array(Self.stream[cut...])]
            #expect(try self.read(pieces) == Self.events, "split at \(cut)")
        }
    }

    @Test("A message that is not complete is not delivered")
    func truncated() throws {
        for cut in 0..<Self.stream.count {
            let events = try self.read([Array(Self.stream[..<cut])])
            #expect(events.count < 3 && Self.events.starts(with: events), "cut at \(cut)")
        }
    }

    @Test("Any bit that was changed on the way is noticed")
    func flipped() {
        let bytes = EventStreamMessage.event("contentBlockDelta", #"{"delta":{}}"#).bytes
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                let error = #expect(throws: BridgeError.self, "bit \(bit) of byte \(place)") {
                    try self.read([changed])
                }
                #expect(error?.code == .garbled)
            }
        }
    }

    @Test("Headers of every type are passed over by their length")
    func headerTypes() throws {
        var message = EventStreamMessage.event("messageStop", "{}")
        let others: [[UInt8]] = [
            [0], [1], [2, 9], [3, 9, 9], [4, 9, 9, 9, 9], [5] + .init(repeating: 9, count: 8), [6, 0, 3, 1, 2, 3],
            [8] + .init(repeating: 9, count: 8), [9] + .init(repeating: 9, count: 16),
        ]
        message.headers = others.flatMap { [1, UInt8(ascii: "x")] + $0 } + message.headers
        #expect(try self.read([message.bytes]) == [StreamedEvent(name: "messageStop", data: "{}")])
    }

    @Test("An error of the protocol carries its code and message")
    func protocolError() throws {
        let message = EventStreamMessage(
            [(":message-type", "error"), (":error-code", "InternalFailure"), (":error-message", "Oops")],
            ""
        )
        #expect(
            try self.read([message.bytes]) == [
                StreamedEvent(name: "error", data: #"{"code":"InternalFailure","message":"Oops"}"#)
            ]
        )
    }

    @Test("Headers that make no sense are garbled")
    func brokenHeaders() {
        let broken: [[UInt8]] = [[5], [1, 65], [1, 65, 10], [1, 65, 7, 0], [1, 65, 7, 0, 9, 1], [1, 65, 5, 1], []]
        for headers in broken {
            var message = EventStreamMessage.event("a", "{}")
            message.headers = headers
            #expect(throws: BridgeError.self, "\(headers)") { try self.read([message.bytes]) }
        }
    }

    @Test("Lengths beyond the limits, or too short to be, are refused before anything is kept for them")
    func lengths() {
        for (length, headers) in [
            (AWSEventStreamFramer.limit + 1, 0), (15, 0), (0, 0), (200 << 10, (128 << 10) + 1), (100, 85),
            (0xFFFF_FFFF, 0xFFFF_FFFF),
        ] {
            let lengths = EventStreamMessage.bytes(length, 4) + EventStreamMessage.bytes(headers, 4)
            let prelude = lengths + EventStreamMessage.bytes(Int(CRC32.checksum(lengths)), 4)
            let error = #expect(throws: BridgeError.self, "\(length)") { try self.read([prelude]) }
            #expect(error?.code == .garbled)
        }
    }
}
