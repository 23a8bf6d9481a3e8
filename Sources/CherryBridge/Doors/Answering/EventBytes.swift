import CherryCore

/// Server-sent events as bytes (WHATWG HTML, "Server-sent events").
enum EventBytes {
    /// A comment, which every reader passes over.
    static let comment = Array(": \n\n".utf8)

    /// An event without a name.
    static func event(_ data: JSONValue) -> [UInt8] {
        var bytes = Array("data: ".utf8)
        data.write(to: &bytes)
        bytes += [0x0A, 0x0A]
        return bytes
    }

    /// An event named as its own `type` says.
    static func event(_ name: StaticString, _ data: JSONValue) -> [UInt8] {
        var bytes = Array("event: ".utf8)
        bytes += UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        bytes.append(0x0A)
        return bytes + self.event(data)
    }
}
