/// A label of a metric and the values that it may have. None can be what a user wrote.
public struct MetricLabel: Sendable, Hashable {
    /// Where values come from.
    public enum Values: Sendable, Hashable {
        /// Exactly these.
        case among([String])
        /// Names that the program or its settings have, such as routes and models: so many at most, each of at most 100
        /// letters, digits and `_-./:{}`. All others are `other`.
        case names(limit: Int)
    }

    /// The value of a name that is one too many, or has characters that no such name has.
    public static let other = "other"

    public let name: String
    public let values: Values

    public init(_ name: String, _ values: Values) {
        self.name = name
        self.values = values
    }

    /// Whether a text may be the value of a label of names.
    static func isName(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 100 else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x61...0x7A, 0x41...0x5A, 0x30...0x39: true
            case 0x5F, 0x2D, 0x2E, 0x2F, 0x3A, 0x7B, 0x7D: true
            default: false
            }
        }
    }
}
