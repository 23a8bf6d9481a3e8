import Foundation

/// Identifies one record: 128 bits, written as a lower-case UUID.
///
/// New ids are UUID version 7 (RFC 9562): they sort by creation time, so a B-tree grows at its end.
/// An id is opaque and not secret; it is visible to the store and authenticated with each sealed record.
public struct RecordID: Hashable, Sendable {
    /// The sixteen bytes, big-endian.
    public let bytes: [UInt8]

    /// Creates an id from sixteen bytes.
    ///
    /// - Returns: `nil` when `bytes` does not hold exactly sixteen.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Makes a new time-ordered id.
    public static func make(
        at time: Timestamp = .now,
        using generator: inout some RandomNumberGenerator
    ) -> RecordID {
        var bytes = [UInt8](repeating: 0, count: 16)
        let milliseconds = UInt64(max(0, time.milliseconds))
        for index in 0..<6 {
            bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> (8 * (5 - UInt64(index))))
        }
        for index in 6..<16 { bytes[index] = UInt8.random(in: .min ... .max, using: &generator) }
        bytes[6] = (bytes[6] & 0x0f) | 0x70
        bytes[8] = (bytes[8] & 0x3f) | 0x80
        return RecordID(unchecked: bytes)
    }

    /// Makes a new time-ordered id from the system's random source.
    public static func make(at time: Timestamp = .now) -> RecordID {
        var generator = SystemRandomNumberGenerator()
        return self.make(at: time, using: &generator)
    }

    /// The next id of the same millisecond: its random part counted up (RFC 9562, section 6.2, method 2).
    public var successor: RecordID {
        var bytes = self.bytes
        for index in stride(from: 15, through: 9, by: -1) {
            bytes[index] &+= 1
            if bytes[index] != 0 { break }
        }
        return RecordID(unchecked: bytes)
    }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

extension RecordID: Comparable {
    public static func < (lhs: RecordID, rhs: RecordID) -> Bool {
        lhs.bytes.lexicographicallyPrecedes(rhs.bytes)
    }
}

extension RecordID: LosslessStringConvertible {
    /// Reads the canonical form: 36 characters, hexadecimal digits in either case, hyphens at 8, 13, 18 and 23.
    public init?(_ description: String) {
        let text = Array(description.utf8)
        guard text.count == 36 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        var index = 0
        while index < 36 {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard text[index] == UInt8(ascii: "-") else { return nil }
                index += 1
                continue
            }
            guard let high = Self.nibble(text[index]), let low = Self.nibble(text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
            index += 2
        }
        self.bytes = bytes
    }

    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var at = 0
            for (index, byte) in self.bytes.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    buffer[at] = UInt8(ascii: "-")
                    at += 1
                }
                buffer[at] = digits[Int(byte >> 4)]
                buffer[at + 1] = digits[Int(byte & 15)]
                at += 2
            }
            return at
        }
    }

    private static func nibble(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension RecordID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = RecordID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a UUID")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
