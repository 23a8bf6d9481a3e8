/// A value that must never be printed: a key, a token, a passphrase.
///
/// Describing, dumping, interpolating or mirroring it shows only that it is there. It is deliberately not
/// `Encodable`: code that must write a secret reads `exposed` and thereby says so.
public struct Secret<Value: Sendable>: Sendable {
    /// The value itself. Every use is a place to review.
    public let exposed: Value

    /// Wraps a value.
    public init(_ value: Value) { self.exposed = value }
}

extension Secret: Equatable where Value: Equatable {}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<redacted>" }
    public var debugDescription: String { "<redacted>" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Secret: Decodable where Value: Decodable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(Value.self))
    }
}
