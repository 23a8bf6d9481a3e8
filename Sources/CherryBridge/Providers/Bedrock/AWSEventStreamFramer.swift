import CherryCore

/// Cuts the binary event streams of AWS into events (AWS documentation, "Event stream encoding").
///
/// A message is: its length and that of its headers (4 bytes each, big-endian), a CRC-32 of these, headers, payload, and a
/// CRC-32 of all before. An event is called what `:event-type` or `:exception-type` says; an error that belongs to the
/// protocol itself is called `error` and carries its code and message as JSON. What was changed on the way is garbled;
/// what is not complete at the end is not delivered.
public struct AWSEventStreamFramer: AnswerFramer {
    /// Bytes that one message may take.
    static let limit = ServerSentEventParser.limit
    /// Bytes that the headers of one message may take, as AWS has it.
    static let headerLimit = 128 << 10
    /// Bytes before the headers.
    private static let preludeLength = 12

    private var bytes: [UInt8] = []

    /// Creates a framer at the beginning of a stream.
    public init() {}

    public mutating func feed(_ bytes: [UInt8]) throws -> [StreamedEvent] {
        self.bytes += bytes
        var rest = self.bytes[...]
        var events: [StreamedEvent] = []
        while let message = try Self.message(at: &rest) { events += try Self.event(message) }
        if rest.count < self.bytes.count { self.bytes = Array(rest) }
        return events
    }

    public mutating func finish() -> [StreamedEvent] { [] }

    /// Takes one message off `rest`.
    ///
    /// - Returns: its headers and its payload; `nil` when it is not complete yet.
    private static func message(
        at rest: inout ArraySlice<UInt8>
    ) throws -> (headers: ArraySlice<UInt8>, payload: ArraySlice<UInt8>)? {
        guard rest.count >= self.preludeLength else { return nil }
        let start = rest.startIndex
        let length = Int(self.number(rest[start..<(start + 4)]))
        let headerLength = Int(self.number(rest[(start + 4)..<(start + 8)]))
        guard self.number(rest[(start + 8)..<(start + 12)]) == CRC32.checksum(rest[start..<(start + 8)]) else {
            throw self.garbled
        }
        guard length >= self.preludeLength + 4 + headerLength, headerLength <= self.headerLimit else {
            throw self.garbled
        }
        guard length <= self.limit else {
            throw BridgeError(.garbled, message: "The provider sent an event of more than 16 MiB.")
        }
        guard rest.count >= length else { return nil }
        let end = start + length - 4
        guard self.number(rest[end..<(end + 4)]) == CRC32.checksum(rest[start..<end]) else { throw self.garbled }
        let payload = start + self.preludeLength + headerLength
        defer { rest = rest[(end + 4)...] }
        return (rest[(start + self.preludeLength)..<payload], rest[payload..<end])
    }

    private static func event(
        _ message: (headers: ArraySlice<UInt8>, payload: ArraySlice<UInt8>)
    ) throws -> [StreamedEvent] {
        let headers = try self.headers(message.headers)
        let data = String(decoding: message.payload, as: UTF8.self)
        switch headers[":message-type"] {
        case "event": return headers[":event-type"].map { [StreamedEvent(name: $0, data: data)] } ?? []
        case "exception": return [StreamedEvent(name: headers[":exception-type"] ?? "error", data: data)]
        case "error":
            var value: JSONValue = ["code": .string(headers[":error-code"] ?? "")]
            value["message"] = headers[":error-message"].map { .string($0) }
            return [StreamedEvent(name: "error", data: value.text)]
        default: throw self.garbled
        }
    }

    /// The headers that are texts; the others are passed over by their length.
    private static func headers(_ bytes: ArraySlice<UInt8>) throws -> [String: String] {
        var rest = bytes
        var headers: [String: String] = [:]
        func take(_ count: Int) throws -> ArraySlice<UInt8> {
            guard rest.count >= count else { throw self.garbled }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        while !rest.isEmpty {
            let name = String(decoding: try take(Int(self.number(take(1)))), as: UTF8.self)
            let type = self.number(try take(1))
            switch type {
            case 0, 1: continue  // a truth value is its own type
            case 2: _ = try take(1)
            case 3: _ = try take(2)
            case 4: _ = try take(4)
            case 5, 8: _ = try take(8)
            case 6: _ = try take(Int(self.number(take(2))))
            case 7: headers[name] = String(decoding: try take(Int(self.number(take(2)))), as: UTF8.self)
            case 9: _ = try take(16)
            default: throw self.garbled
            }
        }
        return headers
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static var garbled: BridgeError { .garbled(by: "Amazon Bedrock") }
}
