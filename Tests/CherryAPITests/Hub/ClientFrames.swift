import CherryCore
import NIOCore
import NIOWebSocket

/// Frames as a client writes them, byte for byte, so that tests can also write wrong ones.
enum ClientFrames {
    static let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    /// - Parameters:
    ///   - first: the first byte: the final bit, the reserved bits and the opcode.
    ///   - mask: `nil` leaves the payload as it is, which a client must not do.
    ///   - length: the length to claim; `nil` tells the truth.
    static func frame(
        _ first: UInt8,
        _ payload: some Collection<UInt8>,
        mask: [UInt8]? = ClientFrames.mask,
        length: UInt64? = nil
    ) -> ByteBuffer {
        var buffer = ByteBuffer(bytes: [first])
        let masked: UInt8 = mask == nil ? 0 : 0x80
        let claimed = length ?? UInt64(payload.count)
        switch claimed {
        case 0..<126: buffer.writeInteger(masked | UInt8(claimed))
        case 126...0xFFFF:
            buffer.writeInteger(masked | 126)
            buffer.writeInteger(UInt16(claimed))
        default:
            buffer.writeInteger(masked | 127)
            buffer.writeInteger(claimed)
        }
        guard let mask else {
            buffer.writeBytes(payload)
            return buffer
        }
        buffer.writeBytes(mask)
        buffer.writeBytes(payload.enumerated().map { $1 ^ mask[$0 % 4] })
        return buffer
    }

    static func text(_ text: String) -> ByteBuffer { self.frame(0x81, text.utf8) }

    static func json(_ value: JSONValue) -> ByteBuffer { self.frame(0x81, value.bytes) }

    static func close(_ code: UInt16) -> ByteBuffer { self.frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)]) }
}

/// One frame of the server.
struct ServerFrame: Equatable {
    let first: UInt8
    let payload: ByteBuffer

    var opcode: UInt8 { self.first & 0x0F }
    var text: String { String(buffer: self.payload) }
    var json: JSONValue? { self.opcode == 1 ? try? JSONValue(parsing: self.payload.readableBytesView) : nil }
    /// The code of a close frame.
    var closeCode: UInt16? {
        self.opcode == 8 ? self.payload.getInteger(at: self.payload.readerIndex, as: UInt16.self) : nil
    }

    /// Takes the first frame off a buffer; `nil` while it is not whole. A server masks nothing and sends no pieces.
    static func take(from buffer: inout ByteBuffer) -> ServerFrame? {
        var rest = buffer
        guard let first = rest.readInteger(as: UInt8.self), let second = rest.readInteger(as: UInt8.self) else {
            return nil
        }
        let length: Int
        switch second {
        case 126:
            guard let value = rest.readInteger(as: UInt16.self) else { return nil }
            length = Int(value)
        case 127:
            guard let value = rest.readInteger(as: UInt64.self) else { return nil }
            length = Int(value)
        default: length = Int(second)
        }
        guard let payload = rest.readSlice(length: length) else { return nil }
        buffer = rest
        return ServerFrame(first: first, payload: payload)
    }
}
