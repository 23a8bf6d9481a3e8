/// Reads server-sent events from bytes that arrive in any pieces (WHATWG HTML, "Interpreting an event stream").
///
/// Lines end with LF, CR or CRLF, a byte order mark at the start is skipped, comments are dropped, and what is not UTF-8
/// is repaired. An event that the stream does not finish is never delivered.
public struct ServerSentEventParser: Sendable {
    /// Bytes that one event may take. More is not a token but an attack or a mistake.
    public static let limit = 16 << 20

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var name = ""
    private var id: String?
    private var endedWithCR = false
    private var isFirstLine = true

    /// Creates a parser at the beginning of a stream.
    public init() {}

    /// Takes the next bytes.
    ///
    /// - Returns: the events that they complete, in order.
    /// - Throws: `BridgeError` with code `.garbled` when one event exceeds `limit`.
    public mutating func feed(_ bytes: some Sequence<UInt8>) throws -> [StreamedEvent] {
        var events: [StreamedEvent] = []
        for byte in bytes {
            switch byte {
            case 0x0A:
                if self.endedWithCR {
                    self.endedWithCR = false
                    continue
                }
                self.endLine(into: &events)
            case 0x0D:
                self.endedWithCR = true
                self.endLine(into: &events)
            default:
                self.endedWithCR = false
                self.line.append(byte)
                guard self.line.count + self.data.count <= Self.limit else {
                    throw BridgeError(.garbled, message: "The provider sent an event of more than 16 MiB.")
                }
            }
        }
        return events
    }

    private mutating func endLine(into events: inout [StreamedEvent]) {
        defer { self.line.removeAll(keepingCapacity: true) }
        if self.isFirstLine {
            self.isFirstLine = false
            if self.line.starts(with: [0xEF, 0xBB, 0xBF]) { self.line.removeFirst(3) }
        }
        guard !self.line.isEmpty else { return self.dispatch(into: &events) }
        let colon = self.line.firstIndex(of: UInt8(ascii: ":"))
        if colon == 0 { return }
        let field = self.line[..<(colon ?? self.line.endIndex)]
        var value = colon.map { self.line[($0 + 1)...] } ?? []
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: field, as: UTF8.self) {
        case "data":
            if self.hasData { self.data.append(0x0A) }
            self.hasData = true
            self.data += value
        case "event": self.name = String(decoding: value, as: UTF8.self)
        case "id" where !value.contains(0): self.id = String(decoding: value, as: UTF8.self)
        default: break
        }
    }

    private mutating func dispatch(into events: inout [StreamedEvent]) {
        defer {
            self.data.removeAll(keepingCapacity: true)
            self.hasData = false
            self.name = ""
        }
        guard self.hasData else { return }
        events.append(
            StreamedEvent(
                name: self.name.isEmpty ? "message" : self.name,
                data: String(decoding: self.data, as: UTF8.self),
                id: self.id
            )
        )
    }
}
