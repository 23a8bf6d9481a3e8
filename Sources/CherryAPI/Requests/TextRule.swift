/// What a text field may hold. Lengths count Unicode scalars, as JSON Schema does.
struct TextRule: Sendable {
    var minimum = 0
    var maximum: Int
    /// A further condition with its name, on text that has passed the rest.
    var condition: (@Sendable (String) -> String?)?

    /// What is wrong with `text`, to follow the field's name; `nil` when nothing is.
    func complaint(about text: String) -> String? {
        let length = text.unicodeScalars.count
        if length < self.minimum {
            return self.minimum == 1 ? "must not be empty" : "must have at least \(self.minimum) characters"
        }
        if length > self.maximum { return "must have at most \(self.maximum) characters" }
        if text.unicodeScalars.contains("\0") { return "must not contain the character NUL" }
        return self.condition?(text)
    }
}

extension TextRule {
    static let title = TextRule(minimum: 1, maximum: 200)
    static let content = TextRule(minimum: 1, maximum: 200_000)
    static let name = TextRule(minimum: 1, maximum: 80)
    static let instructions = TextRule(maximum: 20_000)
    static let modelName = TextRule(minimum: 1, maximum: 200)
    static let query = TextRule(minimum: 1, maximum: 400)
    static let recoveryCode = TextRule(minimum: 36, maximum: 100)

    /// The name of an alias: it stands beside `provider/model`, so it has no slash.
    static let aliasName = TextRule(minimum: 1, maximum: 64) { text in
        let isPlain = text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        return isPlain ? nil : "must have letters, digits, `.`, `_` and `-` only"
    }

    /// The name of a model, or the beginning of several with `*` at its end.
    static let modelPattern = TextRule(minimum: 1, maximum: 200) { text in
        text.dropLast().contains("*") ? "must have `*` at its end only" : nil
    }

    /// A provider's key: it travels in a header, so printable ASCII without spaces.
    static let apiKey = TextRule(minimum: 1, maximum: 4096) { text in
        text.utf8.allSatisfy { (0x21...0x7e).contains($0) } ? nil : "must be printable ASCII without spaces"
    }

    /// The address of a provider.
    static let baseURL = TextRule(minimum: 1, maximum: 2048) { ProviderAddress.complaint(about: $0) }
}
