import CherryCore
@testable import CherryBridge

/// A message of an AWS event stream, as a server writes it.
struct EventStreamMessage {
    /// Names, types and values of headers, encoded.
    var headers: [UInt8]
    var payload: [UInt8]

    init(_ headers: [(name: String, value: String)], _ payload: String) {
        self.headers = []
        for header in headers {
            let (name, value) = (Array(header.name.utf8), Array(header.value.utf8))
            self.headers += [UInt8(name.count)] + name + [7]
            self.headers += Self.bytes(value.count, 2) + value
        }
        self.payload = Array(payload.utf8)
    }

    static func event(_ name: String, _ payload: String) -> EventStreamMessage {
        EventStreamMessage(
            [(":event-type", name), (":content-type", "application/json"), (":message-type", "event")],
            payload
        )
    }

    static func exception(_ name: String, _ payload: String) -> EventStreamMessage {
        EventStreamMessage([(":exception-type", name), (":message-type", "exception")], payload)
    }

    var bytes: [UInt8] {
        var bytes = Self.bytes(16 + self.headers.count + self.payload.count, 4) + Self.bytes(self.headers.count, 4)
        bytes += Self.bytes(Int(CRC32.checksum(bytes)), 4)
        bytes += self.headers + self.payload
        return bytes + Self.bytes(Int(CRC32.checksum(bytes)), 4)
    }

    static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - $0))) }
    }
}
