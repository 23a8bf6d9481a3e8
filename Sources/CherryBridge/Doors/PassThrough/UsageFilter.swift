import CherryCore

/// Takes the last chunk of a Chat Completions stream out, the one with nothing but the tokens, and leaves every other
/// byte as it was.
///
/// For streams whose usage the bridge asked for and the tool did not. Bytes are held back until their event is whole,
/// 16 KiB at most: a larger event is none of these.
public struct UsageFilter: Sendable {
    private static let limit = 16 << 10

    /// The event that has begun; empty while one is passed through that is too large.
    private var event: [UInt8] = []
    private var isTooLarge = false
    private var lineLength = 0
    private var endedWithCR = false
    /// Whether the event that ended last was taken out, and the line feed that may follow its end with it.
    private var tookLast = false

    /// Creates a filter at the beginning of a stream.
    public init() {}

    /// Takes the next bytes.
    ///
    /// - Returns: the bytes to send on.
    public mutating func feed(_ bytes: [UInt8]) -> [UInt8] {
        var passed: [UInt8] = []
        passed.reserveCapacity(bytes.count + self.event.count)
        for byte in bytes {
            if byte == 0x0A, self.endedWithCR {
                self.endedWithCR = false
                if !self.event.isEmpty {
                    self.event.append(byte)
                } else if !self.tookLast {
                    passed.append(byte)
                }
                continue
            }
            self.tookLast = false
            if self.isTooLarge { passed.append(byte) } else { self.event.append(byte) }
            self.endedWithCR = byte == 0x0D
            if byte == 0x0A || byte == 0x0D {
                if self.lineLength == 0 { self.endEvent(&passed) }
                self.lineLength = 0
            } else {
                self.lineLength += 1
                if self.event.count > Self.limit {
                    passed += self.event
                    self.event = []
                    self.isTooLarge = true
                }
            }
        }
        return passed
    }

    /// Takes the end of the stream.
    ///
    /// - Returns: the beginning of an event that was never finished.
    public mutating func finish() -> [UInt8] {
        defer { self.event = [] }
        return self.event
    }

    private mutating func endEvent(_ passed: inout [UInt8]) {
        self.tookLast = Self.isUsage(self.event)
        if !self.tookLast { passed += self.event }
        self.event.removeAll(keepingCapacity: true)
        self.isTooLarge = false
    }

    private static func isUsage(_ bytes: [UInt8]) -> Bool {
        // Nearly every event is told by this alone.
        guard bytes.count > 20, bytes.contains(Array(#""usage""#.utf8)) else { return false }
        var parser = ServerSentEventParser()
        guard let event = try? parser.feed(bytes).first, let chunk = try? JSONValue(parsing: event.data)
        else { return false }  // what cannot be read is passed on
        return chunk["choices"] == [] && chunk["usage"]?.object != nil
    }
}
