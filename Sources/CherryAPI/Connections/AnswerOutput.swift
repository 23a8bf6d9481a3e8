import HTTPTypes
import HummingbirdCore
import NIOCore

/// Puts one answer after the other into the bytes of HTTP/1.1 (RFC 9112).
struct AnswerOutput {
    /// A head that goes out with the first bytes of its body.
    private var head: ByteBuffer?
    /// Whether the pieces are to reach the client one by one: their length is not known beforehand.
    private(set) var isStreamed = false

    /// Begins an answer.
    ///
    /// - Parameters:
    ///   - date: the value of the field `Date`.
    ///   - closes: whether the connection ends with the answer.
    mutating func begin(_ response: Response, date: String, closes: Bool) {
        self.isStreamed = response.body.contentLength == nil
        var head = ByteBuffer()
        head.reserveCapacity(512 + (response.body.contentLength.map { min($0, Self.joinedLimit) } ?? 0))
        head.writeString("HTTP/1.1 \(response.status.code) \(response.status.reasonPhrase)\r\n")
        for field in response.headers { Self.write(field.name.rawName, field.value, to: &head) }
        Self.write("Date", date, to: &head)
        if closes { Self.write("Connection", "close", to: &head) }
        if self.isStreamed { Self.write("Transfer-Encoding", "chunked", to: &head) }
        head.writeStaticString("\r\n")
        self.head = head
    }

    /// The bytes of a piece of the body, and of the head before it.
    mutating func piece(_ bytes: ByteBuffer) -> ByteBuffer {
        guard self.isStreamed || self.head != nil else { return bytes }
        var output = self.head.take() ?? ByteBuffer()
        if self.isStreamed {
            output.writeString(String(bytes.readableBytes, radix: 16))
            output.writeStaticString("\r\n")
        }
        output.writeImmutableBuffer(bytes)
        if self.isStreamed { output.writeStaticString("\r\n") }
        return output
    }

    /// What is left to be written when the body has ended.
    mutating func finish() -> ByteBuffer? {
        guard self.isStreamed else { return self.head.take() }
        var output = self.head.take() ?? ByteBuffer()
        output.writeStaticString("0\r\n\r\n")
        return output
    }

    /// Bytes of a body for which there is room behind its head.
    private static let joinedLimit = 16 << 10

    private static func write(_ name: String, _ value: String, to head: inout ByteBuffer) {
        head.writeString(name)
        head.writeStaticString(": ")
        head.writeString(value)
        head.writeStaticString("\r\n")
    }
}
