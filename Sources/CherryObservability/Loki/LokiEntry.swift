import Logging

/// One line as Loki gets it.
struct LokiEntry: Sendable, Hashable {
    /// Of its stream, from the closed set of `LokiEntry.labels`.
    let level: String
    let role: String
    let nanoseconds: Int64
    let text: [UInt8]
    /// Beside the line, for looking it up: ids are no labels.
    let metadata: [Metadata]

    struct Metadata: Sendable, Hashable {
        let name: String
        let value: String
    }

    /// Bytes of a line that Loki takes by default.
    static let textLimit = 256 << 10
    /// Ends a line that was cut.
    static let cutMark = Array("…[cut]".utf8)

    private static let metadataKeys: [LogKey] = [.requestID, .traceID, .spanID]

    init(_ line: DeliveredLine, nanoseconds: Int64) {
        self.level = line.line.level.rawValue
        self.role = line.line.role
        self.nanoseconds = nanoseconds
        self.text = Self.cut(line.line.json)
        self.metadata = Self.metadataKeys.compactMap { key in
            line.line[key].map { Metadata(name: key.field, value: $0.description) }
        }
    }

    /// The bytes, or as many whole characters of them as fit with the mark.
    static func cut(_ text: [UInt8], limit: Int = Self.textLimit) -> [UInt8] {
        guard text.count > limit else { return text }
        var end = max(0, limit - Self.cutMark.count)
        while end > 0, text[end] & 0xc0 == 0x80 { end -= 1 }
        return text[..<end] + Self.cutMark
    }
}
