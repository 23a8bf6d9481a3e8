/// Makes text harmless for whoever reads it, in a terminal or elsewhere.
enum LogText {
    /// The text without anything that acts instead of showing, and not longer than `limit` bytes of UTF-8.
    ///
    /// Control characters (with them line ends and the escapes of terminals), characters that turn the direction of
    /// text or show nothing, and separators of lines become `\u{1b}` and the like.
    static func clean(_ text: String, limit: Int) -> String {
        let bytes = text.utf8
        if bytes.count <= limit, bytes.allSatisfy({ (0x20...0x7e).contains($0) }) { return text }
        var clean = ""
        var count = 0
        for scalar in text.unicodeScalars {
            let piece = Self.isHarmless(scalar) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
            count += piece.utf8.count
            guard count <= limit - Self.cutMark.utf8.count else { return clean + Self.cutMark }
            clean += piece
        }
        return clean
    }

    /// Ends a text that was too long.
    static let cutMark = "…"

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7e).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
        default: true
        }
    }
}
