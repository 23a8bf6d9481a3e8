import CherryBridge
import NIOCore
import NIOEmbedded
import NIOWebSocket

/// WebSocket frames, the messages of the hub in them, and the frames of AWS event streams.
///
/// Input: what is read, how the bytes are cut, then the bytes or what to make frames of.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzWebSocket(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let kind = input.choice(of: 5)
    switch kind {
    case 0, 1:
        var cuts = Cuts(seed: input.byte())
        let bytes = kind == 0 ? input.bytes : ClientFrames.bytes(of: &input)
        let outcomes = FrameReader.outcomes(of: [bytes])
        expect(outcomes == FrameReader.outcomes(of: cuts.pieces(of: bytes)), "frames depend on the pieces")
        for case .message(let message) in outcomes {
            expect(message.readableBytes <= FrameReader.limit, "a message is larger than allowed")
            expect(String(validating: message.readableBytesView, as: UTF8.self) != nil, "a text is not UTF-8")
        }
    case 2:
        var hub = FuzzedHub()
        while let line = input.line() { hub.take(line) }
        hub.end()
    default: fuzzEventStream(&input, isRaw: kind == 3)
    }
    return 0
}

/// Reads frames as the hub's socket does.
private enum FrameReader {
    static let limit = 256

    /// What comes of the frames, up to the first that ends the connection.
    static func outcomes(of pieces: [[UInt8]]) -> [WebSocketReader.Outcome] {
        let channel = EmbeddedChannel()
        let collector = Collector()
        defer { _ = try? channel.finish() }  // the frame that was not whole is of no interest
        do {
            let decoder = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: self.limit))
            try channel.pipeline.syncOperations.addHandlers([decoder, collector])
            for piece in pieces { try channel.writeInbound(ByteBuffer(bytes: piece)) }
        } catch {
            // The decoder's own refusals are collected as well, where they come among the frames.
        }
        return collector.outcomes
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = WebSocketFrame

        private var reader = WebSocketReader(limit: FrameReader.limit)
        private var isOver = false
        private(set) var outcomes: [WebSocketReader.Outcome] = []

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !self.isOver else { return }
            let outcome = self.reader.receive(Self.unwrapInboundIn(data))
            self.outcomes.append(outcome)
            switch outcome {
            case .close, .failure: self.isOver = true
            case .nothing, .message, .ping, .pong: break
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            guard !self.isOver else { return }
            self.isOver = true
            self.outcomes.append(.failure(error is NIOWebSocketError ? .tooBig : .goingAway))
        }
    }
}

/// Frames as a client sends them, made of lines: the opcode, whether it is the last piece, then the data.
private enum ClientFrames {
    static func bytes(of input: inout FuzzInput) -> [UInt8] {
        var bytes: [UInt8] = []
        while let line = input.line() {
            var frame = FuzzInput(line)
            let opcode = UInt8(frame.choice(of: 16))
            let first = (frame.choice(of: 2) == 1 ? 0x80 : 0) | opcode
            let data = frame.bytes
            let mask: [UInt8] = [0x37, 0xFA, 0x21, UInt8(truncatingIfNeeded: data.count)]
            bytes.append(first)
            if data.count < 126 {
                bytes.append(0x80 | UInt8(data.count))
            } else {
                bytes += [
                    0x80 | 126, UInt8(truncatingIfNeeded: data.count >> 8), UInt8(truncatingIfNeeded: data.count),
                ]
            }
            bytes += mask
            bytes += data.enumerated().map { $0.element ^ mask[$0.offset % 4] }
        }
        return bytes
    }
}
