import CZlib

/// Packs bodies by gzip (RFC 1952).
public enum Gzip {
    /// Levels from 1 (quick) to 9 (small). Of a log, 6 makes a tenth less than 2 in twice the time.
    private static let level: Int32 = 2
    /// The largest window, with the header and the checksum of gzip.
    private static let windowBits: Int32 = 15 + 16

    /// The bytes, packed. The same bytes are packed in the same way each time: no time or name is in it.
    public static func pack(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        guard cherry_deflateInit2(&stream, Self.level, Self.windowBits) == Z_OK else {
            fatalError("zlib takes these settings")
        }
        defer { deflateEnd(&stream) }
        let limit = Int(deflateBound(&stream, UInt(bytes.count)))
        var input = bytes
        return [UInt8](unsafeUninitializedCapacity: limit) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                guard deflate(&stream, Z_FINISH) == Z_STREAM_END else {
                    fatalError("the room is what zlib asks for")
                }
            }
            count = limit - Int(stream.avail_out)
        }
    }
}
