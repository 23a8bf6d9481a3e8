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
    /// Where the events that `feed` returned last ended among its bytes. The first entry is for the event before.
    private var ends = [0]

    /// Creates a parser at the beginning of a stream.
    public init() {}

    /// Takes the next bytes.
    ///
    /// - Returns: the events that they complete, in order.
    /// - Throws: `BridgeError` with code `.garbled` when one event exceeds `limit`.
    public mutating func feed(_ bytes: some Sequence<UInt8>) throws -> [StreamedEvent] {
        var events: [StreamedEvent] = []
        self.ends = [0]
        var place = 0
        for byte in bytes {
            place += 1
            switch byte {
            case 0x0A:
                if self.endedWithCR {
                    self.endedWithCR = false
                    if self.ends[self.ends.count - 1] == place - 1 { self.ends[self.ends.count - 1] = place }
                    continue
                }
                self.endLine(into: &events, at: place)
            case 0x0D:
                self.endedWithCR = true
                self.endLine(into: &events, at: place)
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

    public func length(ofEvents count: Int) -> Int { self.ends[min(count, self.ends.count - 1)] }

    private mutating func endLine(into events: inout [StreamedEvent], at place: Int) {
        defer { self.line.removeAll(keepingCapacity: true) }
        if self.isFirstLine {
            self.isFirstLine = false
            if self.line.starts(with: [0xEF, 0xBB, 0xBF]) { self.line.removeFirst(3) }
        }
        guard !self.line.isEmpty else { return self.dispatch(into: &events, at: place) }
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

    private mutating func dispatch(into events: inout [StreamedEvent], at place: Int) {
        defer {
            self.data.removeAll(keepingCapacity: true)
            self.hasData = false
            self.name = ""
        }
        guard self.hasData else { return }
        self.ends.append(place)
        events.append(
            StreamedEvent(
                name: self.name.isEmpty ? "message" : self.name,
                data: String(decoding: self.data, as: UTF8.self),
                id: self.id
            )
        )
    }
}
