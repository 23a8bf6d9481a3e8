/// What values of a key are like. A value that is not like that does not get into a log.
///
/// The rules have no room for sentences, addresses or paths; what else a value is, is up to the code that names the key.
enum LogValueRule: Sendable, Hashable {
    /// A code or an id of ours: 1 to 64 ASCII letters, digits, `-`, `_` and `.`.
    case word
    /// The name of a type in code: up to 96 of these characters and of those that generics need.
    case typeName
    /// The template of a route: up to 128 characters, with parameters in braces. `-` for none.
    case route
    /// One of the methods of HTTP; any other becomes `other`, since clients make up their own.
    case method
    /// A whole number that fits 64 bits.
    case integer
    /// So many lower-case hexadecimal digits.
    case hexadecimal(Int)

    /// The value as lines have it; `nil` when the rule forbids it.
    func value(_ text: String) -> LogValue? {
        let bytes = text.utf8
        return switch self {
        case .word: Self.isText(bytes, limit: 64, besides: Self.wordMarks) ? .text(text) : nil
        case .typeName: Self.isText(bytes, limit: 96, besides: Self.typeMarks) ? .text(text) : nil
        case .route: Self.isText(bytes, limit: 128, besides: Self.routeMarks) ? .text(text) : nil
        case .method: .text(Self.methods.contains(text) ? text : "other")
        case .integer: bytes.count <= 20 ? Int64(text).map(LogValue.integer) : nil
        case .hexadecimal(let count):
            bytes.count == count && bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
                ? .text(text) : nil
        }
    }

    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE",
    ]
    private static let wordMarks = Array("-_.".utf8)
    private static let typeMarks = Array("-_.<>,() ?".utf8)
    private static let routeMarks = Array("-_./{}*:".utf8)

    private static func isText(_ bytes: String.UTF8View, limit: Int, besides marks: [UInt8]) -> Bool {
        guard (1...limit).contains(bytes.count) else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            default: marks.contains(byte)
            }
        }
    }
}
