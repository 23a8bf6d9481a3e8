import CherryBridge
import NIOCore
import NIOWebSocket

/// Turns the frames of a client into messages, and holds it to RFC 6455: sections 5.1 to 5.5 for frames, 5.6 and 8.1 for
/// texts, 7.4 for close codes.
///
/// What the frame decoder has let through is checked here; sizes of single frames are the decoder's part.
struct WebSocketReader {
    enum Outcome: Equatable {
        /// Nothing to do yet.
        case nothing
        /// A whole text message.
        case message(ByteBuffer)
        /// To be answered with a pong of the same bytes.
        case ping(ByteBuffer)
        case pong
        /// The client closes; this code, if any, is to be sent back.
        case close(code: UInt16?)
        /// The client broke a rule: close.
        case failure(HubClosing)
    }

    /// Pieces of one message. More make no sense, whatever their size.
    static let maximumPieces = 4096

    private let limit: Int
    private var message: ByteBuffer?
    private var pieces = 0

    /// - Parameter limit: bytes of one message.
    init(limit: Int) { self.limit = limit }

    mutating func receive(_ frame: WebSocketFrame) -> Outcome {
        guard frame.maskKey != nil else { return .failure(.protocolError("frames of a client must be masked")) }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return .failure(.protocolError("a reserved bit is set")) }
        switch frame.opcode {
        case .text:
            guard self.message == nil else { return .failure(.protocolError("a message began within another")) }
            self.message = ByteBuffer()
            self.pieces = 0
            return self.append(frame)
        case .continuation:
            guard self.message != nil else { return .failure(.protocolError("there is nothing to continue")) }
            return self.append(frame)
        case .binary: return .failure(.unsupportedData)
        case .ping: return .ping(frame.unmaskedData)
        case .pong: return .pong
        case .connectionClose: return Self.close(frame.unmaskedData)
        default: return .failure(.protocolError("there is no such kind of frame"))
        }
    }

    private mutating func append(_ frame: WebSocketFrame) -> Outcome {
        self.pieces += 1
        var message = self.message ?? ByteBuffer()
        self.message = nil
        guard message.readableBytes + frame.length <= self.limit else { return .failure(.tooBig) }
        guard self.pieces <= Self.maximumPieces else { return .failure(.policy("a message has too many pieces")) }
        var data = frame.unmaskedData
        message.writeBuffer(&data)
        guard frame.fin else {
            self.message = message
            return .nothing
        }
        guard String(validating: message.readableBytesView, as: UTF8.self) != nil else { return .failure(.invalidText) }
        return .message(message)
    }

    private static func close(_ data: ByteBuffer) -> Outcome {
        var data = data
        guard data.readableBytes > 0 else { return .close(code: nil) }
        guard let code = data.readInteger(as: UInt16.self), self.mayBeSent(code) else {
            return .failure(.protocolError("there is no such close code"))
        }
        guard String(validating: data.readableBytesView, as: UTF8.self) != nil else { return .failure(.invalidText) }
        return .close(code: code)
    }

    /// Codes of the protocol and its registry, of libraries and of applications; not those that only stand for
    /// something that happened.
    private static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
