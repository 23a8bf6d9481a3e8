import CherryBridge
import NIOCore
import NIOWebSocket
import Testing

@testable import CherryAPI

@Suite("WebSocket frames of a client")
struct WebSocketReaderTests {
    private static func frame(
        _ opcode: WebSocketOpcode,
        _ bytes: some Collection<UInt8>,
        isFinal: Bool = true,
        isMasked: Bool = true,
        reserved: Int? = nil
    ) -> WebSocketFrame {
        let key: WebSocketMaskingKey = [1, 2, 3, 4]
        var data = ByteBuffer(bytes: Array(bytes))
        if isMasked { data.webSocketMask(key) }
        return WebSocketFrame(
            fin: isFinal,
            rsv1: reserved == 1,
            rsv2: reserved == 2,
            rsv3: reserved == 3,
            opcode: opcode,
            maskKey: isMasked ? key : nil,
            data: data
        )
    }

    private static func code(_ outcome: WebSocketReader.Outcome) -> UInt16? {
        if case .failure(let closing) = outcome { closing.code } else { nil }
    }

    @Test("A text in one frame is a message")
    func whole() {
        var reader = WebSocketReader(limit: 100)
        #expect(reader.receive(Self.frame(.text, "héllo".utf8)) == .message(ByteBuffer(string: "héllo")))
        #expect(reader.receive(Self.frame(.text, [])) == .message(ByteBuffer()))
    }

    @Test("A text in pieces, with control frames between, is one message; letters may be cut anywhere")
    func pieces() {
        let bytes = Array("a→b𝄞c".utf8)
        for cut in 0...bytes.count {
            var reader = WebSocketReader(limit: 100)
            #expect(reader.receive(Self.frame(.text, bytes[..<cut], isFinal: false)) == .nothing)
            #expect(reader.receive(Self.frame(.ping, [7])) == .ping(ByteBuffer(bytes: [7])))
            #expect(reader.receive(Self.frame(.continuation, [], isFinal: false)) == .nothing)
            #expect(reader.receive(Self.frame(.pong, [])) == .pong)
            #expect(reader.receive(Self.frame(.continuation, bytes[cut...])) == .message(ByteBuffer(bytes: bytes)))
            #expect(reader.receive(Self.frame(.text, "x".utf8)) == .message(ByteBuffer(string: "x")))
        }
    }

    @Test("Frames out of order, without a mask, with reserved bits or of no kind break the protocol")
    func protocolErrors() {
        var reader = WebSocketReader(limit: 100)
        #expect(Self.code(reader.receive(Self.frame(.continuation, [1]))) == 1002)
        #expect(reader.receive(Self.frame(.text, "x".utf8, isFinal: false)) == .nothing)
        #expect(Self.code(reader.receive(Self.frame(.text, "y".utf8))) == 1002)
        for bit in 1...3 {
            #expect(Self.code(reader.receive(Self.frame(.text, "x".utf8, reserved: bit))) == 1002)
        }
        #expect(Self.code(reader.receive(Self.frame(.text, "x".utf8, isMasked: false))) == 1002)
        #expect(Self.code(reader.receive(Self.frame(.ping, [], isMasked: false))) == 1002)
        for number in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8] {
            let opcode = WebSocketOpcode(encodedWebSocketOpcode: number)!
            #expect(Self.code(reader.receive(Self.frame(opcode, []))) == 1002)
        }
    }

    @Test("Binary frames are not taken")
    func binary() {
        var reader = WebSocketReader(limit: 100)
        #expect(reader.receive(Self.frame(.binary, [])) == .failure(.unsupportedData))
    }

    @Test(
        "What is not UTF-8 is refused",
        arguments: [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]]
    )
    func notUTF8(bytes: [UInt8]) {
        var reader = WebSocketReader(limit: 100)
        #expect(reader.receive(Self.frame(.text, bytes)) == .failure(.invalidText))
        #expect(reader.receive(Self.frame(.text, bytes.prefix(1), isFinal: false)) == .nothing)
        #expect(reader.receive(Self.frame(.continuation, bytes.dropFirst())) == .failure(.invalidText))
    }

    @Test("A message is as long as it may be, in one frame or in many, and no longer")
    func size() {
        var reader = WebSocketReader(limit: 10)
        #expect(reader.receive(Self.frame(.text, [UInt8](repeating: 65, count: 10))) != .failure(.tooBig))
        #expect(reader.receive(Self.frame(.text, [UInt8](repeating: 65, count: 11))) == .failure(.tooBig))
        #expect(reader.receive(Self.frame(.text, [UInt8](repeating: 65, count: 6), isFinal: false)) == .nothing)
        #expect(reader.receive(Self.frame(.continuation, [UInt8](repeating: 65, count: 5))) == .failure(.tooBig))
    }

    @Test("A message of very many empty pieces is refused")
    func manyPieces() {
        var reader = WebSocketReader(limit: 10)
        var outcome = reader.receive(Self.frame(.text, [], isFinal: false))
        var count = 1
        while outcome == .nothing {
            outcome = reader.receive(Self.frame(.continuation, [], isFinal: false))
            count += 1
        }
        #expect(Self.code(outcome) == 1008)
        #expect(count == WebSocketReader.maximumPieces + 1)
    }

    @Test("A goodbye may have no code, one that may be sent, and a reason in UTF-8")
    func close() {
        var reader = WebSocketReader(limit: 100)
        func close(_ bytes: [UInt8]) -> WebSocketReader.Outcome { reader.receive(Self.frame(.connectionClose, bytes)) }
        #expect(close([]) == .close(code: nil))
        #expect(Self.code(close([3])) == 1002)
        for code in [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999] as [UInt16] {
            #expect(close([UInt8(code >> 8), UInt8(code & 255)] + Array("bye".utf8)) == .close(code: code))
        }
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535] as [UInt16] {
            #expect(Self.code(close([UInt8(code >> 8), UInt8(code & 255)])) == 1002)
        }
        #expect(close([3, 232, 0xFF]) == .failure(.invalidText))
    }
}
