/// The name of a model, or the beginning of several with a `*` for any rest. Case does not matter.
public struct NamePattern: Sendable, Hashable {
    private let text: String
    private let isPrefix: Bool

    /// Reads a pattern.
    public init(_ text: String) {
        self.isPrefix = text.hasSuffix("*")
        self.text = (self.isPrefix ? String(text.dropLast()) : text).lowercased()
    }

    /// Whether `name` is meant.
    public func matches(_ name: String) -> Bool {
        let name = name.lowercased()
        return self.isPrefix ? name.hasPrefix(self.text) : name == self.text
    }

    /// How much of a name the pattern says: the pattern that says most wins, and a whole name wins over a beginning.
    public var length: Int { self.text.utf8.count * 2 + (self.isPrefix ? 0 : 1) }
}
