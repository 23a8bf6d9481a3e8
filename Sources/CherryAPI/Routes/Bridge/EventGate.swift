/// Lets the bytes of a stream through in whole events, so that something may be said between any two of its pieces.
///
/// What follows the last whole event is held back, 16 KiB at most: of a larger event the pieces go through as they come.
struct EventGate: Sendable {
    private static let limit = 16 << 10

    private var held: [UInt8] = []
    /// Whether what went through last ends an event.
    private(set) var endsEvent = true

    /// Takes the next bytes.
    ///
    /// - Returns: the bytes to send on.
    mutating func feed(_ bytes: [UInt8]) -> [UInt8] {
        // An event may end with its second line feed, which only what came before makes an end.
        let from = max(0, self.held.count - 3)
        self.held += bytes
        let end = Self.lastEnd(in: self.held, from: from)
        if let end {
            self.endsEvent = true
            guard end < self.held.count else {
                defer { self.held = [] }
                return self.held
            }
        }
        let rest = self.held.count - (end ?? 0)
        guard rest > Self.limit else {
            guard let end else { return [] }
            let whole = Array(self.held[..<end])
            self.held.removeFirst(end)
            return whole
        }
        self.endsEvent = false
        defer { self.held = [] }
        return self.held
    }

    /// Takes the end of the stream.
    ///
    /// - Returns: what was held back.
    mutating func finish() -> [UInt8] {
        defer { self.held = [] }
        return self.held
    }

    /// Behind the last empty line at or after `from`.
    private static func lastEnd(in bytes: [UInt8], from: Int) -> Int? {
        var place = bytes.count
        while place > from {
            if Self.endsEmptyLine(bytes, place) { return place }
            place -= 1
        }
        return nil
    }

    /// Whether an empty line ends before `place`. A line feed that still follows a carriage return is one more empty line
    /// at worst.
    private static func endsEmptyLine(_ bytes: [UInt8], _ place: Int) -> Bool {
        func byte(_ back: Int) -> UInt8? { place >= back ? bytes[place - back] : nil }
        switch byte(1) {
        case 0x0A:
            return byte(2) == 0x0A || (byte(2) == 0x0D && (byte(3) == 0x0A || byte(3) == 0x0D))
        case 0x0D: return byte(2) == 0x0D
        default: return false
        }
    }
}
