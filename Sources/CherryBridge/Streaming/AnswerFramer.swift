/// Cuts the bytes of an answer into events.
public protocol AnswerFramer: Sendable {
    /// Takes the next bytes.
    ///
    /// - Returns: the events that they complete, in order.
    /// - Throws: `BridgeError` with code `.garbled`.
    mutating func feed(_ bytes: [UInt8]) throws -> [StreamedEvent]

    /// How many of the bytes that `feed` took last belong to the first so many of its events, with a line feed at the
    /// beginning that ends a line from before; 0 for framers of what is never passed on piece by piece.
    func length(ofEvents count: Int) -> Int

    /// Takes the end of the bytes.
    ///
    /// - Returns: what the end completes. An event of a stream that was cut off is not completed by it.
    mutating func finish() throws -> [StreamedEvent]
}

extension AnswerFramer {
    public func length(ofEvents count: Int) -> Int { 0 }
}

extension ServerSentEventParser: AnswerFramer {
    public mutating func finish() -> [StreamedEvent] { [] }
}

/// A whole answer in one JSON text.
public struct WholeAnswerFramer: AnswerFramer {
    /// Bytes that an answer may take.
    static let limit = 32 << 20

    private var bytes: [UInt8] = []

    /// Creates a framer for one answer.
    public init() {}

    public mutating func feed(_ bytes: [UInt8]) throws -> [StreamedEvent] {
        self.bytes += bytes
        guard self.bytes.count <= Self.limit else {
            throw BridgeError(.garbled, message: "The provider sent an answer of more than 32 MiB.")
        }
        return []
    }

    public mutating func finish() -> [StreamedEvent] {
        [StreamedEvent(name: "message", data: String(decoding: self.bytes, as: UTF8.self))]
    }
}

/// One JSON text a line.
public struct LineFramer: AnswerFramer {
    private var line: [UInt8] = []

    /// Creates a framer at the beginning of a stream.
    public init() {}

    public mutating func feed(_ bytes: [UInt8]) throws -> [StreamedEvent] {
        var events: [StreamedEvent] = []
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 { events += self.endLine() }
            self.line += part.element
            guard self.line.count <= ServerSentEventParser.limit else {
                throw BridgeError(.garbled, message: "The provider sent an event of more than 16 MiB.")
            }
        }
        return events
    }

    /// The last line needs no end: a whole JSON text shows by itself whether it is complete.
    public mutating func finish() -> [StreamedEvent] { self.endLine() }

    private mutating func endLine() -> [StreamedEvent] {
        defer { self.line.removeAll(keepingCapacity: true) }
        let text = String(decoding: self.line, as: UTF8.self)
        let isBlank = self.line.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
        return isBlank ? [] : [StreamedEvent(name: "message", data: text)]
    }
}
