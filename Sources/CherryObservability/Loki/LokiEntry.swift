import Logging

/// One line as Loki gets it.
struct LokiEntry: Sendable {
    /// Entries of one stream have these, from closed sets: each combination of labels is a stream of its own.
    struct Stream: Sendable, Equatable {
        let level: Logger.Level
        let role: String
    }

    let stream: Stream
    let nanoseconds: Int64
    let line: DeliveredLine

    /// Bytes of a line that Loki takes by default.
    static let textLimit = 256 << 10
    /// Ends a line that was cut.
    static let cutMark = Array("…[cut]".utf8)

    init(_ line: DeliveredLine, stream: Stream, nanoseconds: Int64) {
        self.stream = stream
        self.nanoseconds = nanoseconds
        self.line = line
    }

    /// The bytes, or as many whole characters of them as fit with the mark.
    static func cut(_ text: [UInt8], limit: Int = Self.textLimit) -> [UInt8] {
        guard text.count > limit else { return text }
        var end = max(0, limit - Self.cutMark.count)
        while end > 0, text[end] & 0xc0 == 0x80 { end -= 1 }
        return text[..<end] + Self.cutMark
    }
}

extension LokiEntry.Stream {
    /// The stream that a line belongs to.
    init(_ line: DeliveredLine) {
        self.init(level: line.level, role: line["role"].map { String(decoding: $0, as: UTF8.self) } ?? "")
    }
}
