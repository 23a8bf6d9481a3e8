import NIOCore

/// Writes requests as HTTP/1.1 (RFC 9112).
enum RequestEncoder {
    /// Fields that say how the message and the connection are framed, which is decided here.
    private static let framing: Set<String> = [
        "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// The bytes of `request`, head and body together.
    ///
    /// - Throws: `NetError` with code `.invalidAddress` for a field that would not arrive as it is.
    static func encode(_ request: OutgoingRequest, to address: WebAddress) throws(NetError) -> ByteBuffer {
        let size = request.headers.reduce(address.target.utf8.count + 128) {
            $0 + $1.name.utf8.count + $1.value.utf8.count + 4
        }
        var buffer = ByteBufferAllocator().buffer(capacity: size + (request.body?.count ?? 0))
        buffer.writeString(request.method.rawValue)
        buffer.writeStaticString(" ")
        buffer.writeString(address.target)
        buffer.writeStaticString(" HTTP/1.1\r\n")
        var hasHost = false
        for (name, value) in request.headers {
            guard self.isName(name), self.isValue(value) else { throw self.refusal(address) }
            let lowercased = name.lowercased()
            if self.framing.contains(lowercased) { continue }
            if lowercased == "host" { hasHost = true }
            self.write(name, value, to: &buffer)
        }
        if !hasHost { self.write("Host", address.hostField, to: &buffer) }
        if let body = request.body {
            self.write("Content-Length", String(body.count), to: &buffer)
        } else if [.post, .put, .patch].contains(request.method) {
            self.write("Content-Length", "0", to: &buffer)
        }
        buffer.writeStaticString("\r\n")
        if let body = request.body { buffer.writeBytes(body) }
        return buffer
    }

    private static func write(_ name: String, _ value: String, to buffer: inout ByteBuffer) {
        buffer.writeString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(\.isTokenByte)
    }

    private static func isValue(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    }

    private static func refusal(_ address: WebAddress) -> NetError {
        NetError(
            .invalidAddress,
            message: "The request to \(address.hostText) could not be formed.",
            hint: "Check the address, and that the key has no line breaks or control characters."
        )
    }
}

extension UInt8 {
    /// Whether the byte may be part of a field's name (RFC 9110, section 5.6.2).
    var isTokenByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e...0x60, 0x7c, 0x7e: true
        default: false
        }
    }
}
