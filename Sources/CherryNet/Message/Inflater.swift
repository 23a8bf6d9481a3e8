import CZlib
import NIOCore

/// Unpacks a body that was packed by gzip (RFC 1952) or zlib (RFC 1950), a bounded piece at a time.
final class Inflater {
    /// What came is not what the content coding says.
    struct Damaged: Error {}

    /// The longest piece.
    private static let piece = 16 * 1024
    /// The largest window, and the format found out from the first bytes.
    private static let windowBits: Int32 = 15 + 32

    private let stream: UnsafeMutablePointer<z_stream>
    private var input = ByteBuffer()
    private var hasBegun = false
    private var isAtEnd = false
    /// Whether the last piece was cut short by its bound, not by the input.
    private var hasMore = false

    /// Creates an inflater for a content coding; `nil` for a coding that needs none or is not known.
    init?(coding: String) {
        guard ["gzip", "x-gzip", "deflate"].contains(coding.lowercased()) else { return nil }
        self.stream = .allocate(capacity: 1)
        self.stream.initialize(to: z_stream())
        guard cherry_inflateInit2(self.stream, Self.windowBits) == Z_OK else {
            self.stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(self.stream)
        self.stream.deallocate()
    }

    /// Takes packed bytes. Everything fed before must have been unpacked.
    func feed(_ bytes: ByteBuffer) {
        self.input = bytes
    }

    /// The next piece; `nil` when more input is needed.
    func next() throws(Damaged) -> ByteBuffer? {
        while self.input.readableBytes > 0 || self.hasMore {
            guard !self.isAtEnd else { throw Damaged() }
            self.hasBegun = true
            var output = ByteBufferAllocator().buffer(capacity: Self.piece)
            var result = Z_OK
            self.input.readWithUnsafeMutableReadableBytes { source in
                output.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.piece) { target in
                    let room = min(target.count, Self.piece)
                    self.stream.pointee.next_in = source.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    self.stream.pointee.avail_in = UInt32(source.count)
                    self.stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    self.stream.pointee.avail_out = UInt32(room)
                    result = inflate(self.stream, Z_NO_FLUSH)
                    return room - Int(self.stream.pointee.avail_out)
                }
                return source.count - Int(self.stream.pointee.avail_in)
            }
            self.hasMore = result == Z_OK && self.stream.pointee.avail_out == 0
            switch result {
            case Z_STREAM_END: self.isAtEnd = true
            case Z_OK: break
            case Z_BUF_ERROR: self.hasMore = false  // there was nothing more after all
            default: throw Damaged()
            }
            if output.readableBytes > 0 { return output }
        }
        return nil
    }

    /// Whether the packed body is whole, or empty.
    var isWhole: Bool { self.isAtEnd || !self.hasBegun }
}
