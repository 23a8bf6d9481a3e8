import Foundation
import Hummingbird

/// One event of a stream, as bytes.
enum ServerSentEvent {
    /// A sign of life that clients ignore.
    static let ping = ByteBuffer(string: ": ping\n\n")

    /// Tells that the vault was locked.
    static let lock = Self.frame(event: "lock", data: Data("{}".utf8))

    /// An event whose data is one line of JSON.
    static func frame(event: String, id: String? = nil, data: Data) -> ByteBuffer {
        var buffer = ByteBuffer()
        if let id { buffer.writeString("id: \(id)\n") }
        buffer.writeString("event: \(event)\ndata: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
        return buffer
    }
}
