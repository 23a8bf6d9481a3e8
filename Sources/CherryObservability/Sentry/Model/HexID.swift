import CherryCore

/// An id of 16 or 32 lower-case hexadecimal digits: of an event, a trace or a span.
public struct HexID: Sendable, Hashable {
    public let text: String

    /// Reads an id; `nil` unless it has 16 or 32 digits, or is nothing but zeros.
    public init?(_ text: some StringProtocol) {
        let digits = text.utf8
        guard digits.count == 32 || digits.count == 16, digits.contains(where: { $0 != 0x30 }),
            digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.text = String(text)
    }

    /// Makes a new id of 32 digits.
    public static func make() -> HexID {
        var generator = SystemRandomNumberGenerator()
        return self.make(using: &generator)
    }

    /// Makes a new id of 32 digits, a version 4 UUID without its hyphens.
    public static func make(using generator: inout some RandomNumberGenerator) -> HexID {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        return HexID(unchecked: bytes.hexadecimal)
    }

    /// The same id with the hyphens of a UUID.
    public var uuid: String {
        var text = ""
        for (index, digit) in self.text.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    private init(unchecked text: String) { self.text = text }
}
