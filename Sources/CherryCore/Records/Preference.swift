import Foundation

/// One setting of the user's, such as `appearance.scheme`.
public struct Preference: Codable, Sendable, Hashable {
    public let id: RecordID
    /// A dotted name, at most 64 characters.
    public let key: String
    public var value: JSONValue
    public var updatedAt: Timestamp

    /// Creates a preference; its id follows from its key, so two devices write the same record.
    public init(key: String, value: JSONValue, updatedAt: Timestamp = .now) {
        self.id = Self.id(for: key)
        self.key = key
        self.value = value
        self.updatedAt = updatedAt
    }

    /// The id of the record for `key`: FNV-1a, 128 bits, marked as UUID version 8. The store must not learn the key's
    /// name, and keys are few: the id gives it away to a guesser, which the threat model says.
    public static func id(for key: String) -> RecordID {
        var high: UInt64 = 0x6c62_272e_07bb_0142
        var low: UInt64 = 0x62b8_2175_6295_c58d
        for byte in key.utf8 {
            low ^= UInt64(byte)
            // Multiply by the 128-bit FNV prime 2^88 + 0x13b.
            let (carry, product) = low.multipliedFullWidth(by: 0x13b)
            high = high &* 0x13b &+ carry &+ (low << 24)
            low = product
        }
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64($0))) }
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64($0))) }
        bytes[6] = (bytes[6] & 0x0f) | 0x80
        bytes[8] = (bytes[8] & 0x3f) | 0x80
        return RecordID(bytes: bytes)!
    }
}
