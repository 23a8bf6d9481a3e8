import CherryCore
@testable import CherryBridge

/// A message of an AWS event stream, as a server writes it (AWS documentation, "Event stream encoding").
struct AWSMessage {
    /// Names, types and values of headers, encoded.
    var headers: [UInt8]
    var payload: [UInt8]

    /// A message that tells of an event.
    static func event(_ name: some Collection<UInt8>, _ payload: some Collection<UInt8>) -> AWSMessage {
        let headers = self.text(":event-type".utf8, name) + self.text(":message-type".utf8, "event".utf8)
        return AWSMessage(headers: headers, payload: Array(payload))
    }

    var bytes: [UInt8] {
        var bytes = Self.number(16 + self.headers.count + self.payload.count) + Self.number(self.headers.count)
        bytes += Self.number(Int(CRC32.checksum(bytes)))
        bytes += self.headers + self.payload
        return bytes + Self.number(Int(CRC32.checksum(bytes)))
    }

    private static func text(_ name: some Collection<UInt8>, _ value: some Collection<UInt8>) -> [UInt8] {
        [UInt8(name.count)] + name + [7] + self.number(value.count).suffix(2) + value
    }

    private static func number(_ value: Int) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
