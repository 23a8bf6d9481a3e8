import NIOCore

/// What is done on a connection to answer one request.
struct Plan: Sendable {
    enum Step: Sendable {
        /// Sends bytes; with them so many more pieces of content are complete.
        case send(ByteBuffer, pieces: Int)
        /// Sends a part of the body in chunks of `size` bytes, each on its own, `pause` milliseconds apart.
        case split([UInt8], size: Int, pause: Int, pieces: Int)
        /// Stays silent for so many milliseconds.
        case wait(Int)
        /// Stays silent until the client goes.
        case hang
        /// Breaks the connection so that the client sees a reset.
        case reset
        /// Ends the connection.
        case close
    }

    var steps: [Step]
    /// Whether the connection can carry another request afterwards.
    var keepsAlive = true
    /// The status, when it is a refusal.
    var refusal: Int?

    /// A whole answer in one piece.
    static func whole(_ status: Int, headers: [(String, String)] = [], _ body: [UInt8]) -> Plan {
        let length = ("Content-Length", "\(body.count)")
        let head = ResponseHead.bytes(status, [("Content-Type", "application/json"), length] + headers)
        return Plan(
            steps: [.send(ByteBuffer(bytes: head + body), pieces: 0)],
            refusal: status >= 400 ? status : nil
        )
    }
}

/// The first lines of an answer.
enum ResponseHead {
    static func bytes(_ status: Int, _ headers: [(String, String)]) -> [UInt8] {
        var text = "HTTP/1.1 \(status) \(status < 400 ? "OK" : "Scripted")\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
