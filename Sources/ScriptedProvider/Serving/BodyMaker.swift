import NIOCore

/// A part of a body that is sent together, such as an event.
struct BodyUnit: Sendable, Hashable {
    var bytes: [UInt8]
    /// Pieces of the script's content that are complete with it.
    var pieces = 0
}

/// Turns the units of a body into steps: packed, split, chunked and paused as the habits say.
struct BodyMaker {
    let habits: WireHabits
    let isChunked: Bool
    private var gzip = StoredGzip()

    init(habits: WireHabits, isChunked: Bool) {
        self.habits = habits
        self.isChunked = isChunked
    }

    mutating func steps(_ units: [BodyUnit]) -> [Plan.Step] {
        var steps: [Plan.Step] = []
        for unit in units {
            steps += self.sending(self.habits.gzip ? self.gzip.pack(unit.bytes) : unit.bytes, pieces: unit.pieces)
        }
        return steps
    }

    mutating func end() -> [Plan.Step] {
        let packed = self.habits.gzip ? self.sending(self.gzip.finish(), pieces: 0) : []
        return packed + (self.isChunked ? [.send(ByteBuffer(string: "0\r\n\r\n"), pieces: 0)] : [])
    }

    private func sending(_ bytes: [UInt8], pieces: Int) -> [Plan.Step] {
        guard !bytes.isEmpty else { return [] }
        if let size = self.habits.write {
            return [.split(bytes, size: size, pause: self.habits.pause, pieces: pieces)]
        }
        let buffer = self.isChunked ? Self.chunk(bytes[...]) : ByteBuffer(bytes: bytes)
        return [.send(buffer, pieces: pieces)] + (self.habits.pause > 0 ? [.wait(self.habits.pause)] : [])
    }

    /// A chunk of HTTP/1.1 (RFC 9112, 7.1).
    static func chunk(_ bytes: ArraySlice<UInt8>) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(bytes.count + 12)
        buffer.writeString(String(bytes.count, radix: 16))
        buffer.writeString("\r\n")
        buffer.writeBytes(bytes)
        buffer.writeString("\r\n")
        return buffer
    }
}
