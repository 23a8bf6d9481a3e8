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
        let isRead: Void? = try bytes.withContiguousStorageIfAvailable { try self.feed($0, into: &events) }
        if isRead == nil { try Array(bytes).withUnsafeBufferPointer { try self.feed($0, into: &events) } }
        return events
    }

    private mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, into events: inout [StreamedEvent]) throws {
        var place = 0
        while place < bytes.count {
            if self.endedWithCR {
                self.endedWithCR = false
                if bytes[place] == 0x0A {
                    place += 1
                    if self.ends[self.ends.count - 1] == place - 1 { self.ends[self.ends.count - 1] = place }
                    continue
                }
            }
            var end = place
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            guard self.line.count + end - place + self.data.count <= Self.limit else {
                throw BridgeError(.garbled, message: "The provider sent an event of more than 16 MiB.")
            }
            let part = UnsafeBufferPointer(rebasing: bytes[place..<end])
            guard end < bytes.count else {
                self.line += part
                return
            }
            self.endedWithCR = bytes[end] == 0x0D
            place = end + 1
            guard !self.line.isEmpty else {
                self.endLine(part, into: &events, at: place)
                continue
            }
            self.line += part
            let line = self.line
            line.withUnsafeBufferPointer { self.endLine($0, into: &events, at: place) }
            self.line = []
        }
    }

    public func length(ofEvents count: Int) -> Int { self.ends[min(count, self.ends.count - 1)] }

    private mutating func endLine(
        _ whole: UnsafeBufferPointer<UInt8>,
        into events: inout [StreamedEvent],
        at place: Int
    ) {
        var line = whole[...]
        if self.isFirstLine {
            self.isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        }
        guard !line.isEmpty else { return self.dispatch(into: &events, at: place) }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        let field = line[..<colon]
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch field.count {
        case 4 where field.elementsEqual("data".utf8):
            if self.hasData { self.data.append(0x0A) }
            self.hasData = true
            self.data += value
        case 5 where field.elementsEqual("event".utf8): self.name = String(decoding: value, as: UTF8.self)
        case 2 where field.elementsEqual("id".utf8) && !value.contains(0):
            self.id = String(decoding: value, as: UTF8.self)
        default: break  // a comment, which has no name, or a field that nobody knows
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
