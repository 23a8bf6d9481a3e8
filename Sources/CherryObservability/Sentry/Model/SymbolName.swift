/// A name out of a program: of a function, a type, a module. It is fixed when the program is built, so it says nothing
/// of the user's; this holds it to the letters and the length that such names have all the same.
public struct SymbolName: Sendable, Hashable {
    public let text: String

    /// A name that the compiler wrote, such as `static Vault.open(_:) throws -> Vault`; `nil` for what is none.
    public init?(compiled text: String) {
        let short = String(text.prefix(200))
        guard !short.isEmpty, short.utf8.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c }) else {
            return nil
        }
        self.text = short
    }

    /// The name of a function as a browser tells it: one identifier of JavaScript; `nil` for anything else, since it comes
    /// from outside.
    public init?(browser text: String) {
        guard (1...40).contains(text.utf8.count), let first = text.utf8.first, !(0x30...0x39).contains(first),
            text.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x5f || byte == 0x24
            })
        else { return nil }
        self.text = text
    }

    /// The name of a type without the place where it is hidden, `CherryStore.StoreError`.
    public init(of type: any Any.Type) {
        // What is private to a file carries "(unknown context at $…)."
        var name = String(reflecting: type)
        while let start = name.range(of: "(unknown context at "), let end = name[start.upperBound...].range(of: ").") {
            name.removeSubrange(start.lowerBound..<end.upperBound)
        }
        self = Self(compiled: name) ?? Self.unknown
    }

    /// Stands for a name that could not be read.
    public static let unknown = SymbolName(unchecked: "unknown")

    private init(unchecked text: String) { self.text = text }
}

extension StringProtocol {
    /// The first place where `text` stands.
    fileprivate func range(of text: String) -> Range<Index>? { self.firstRange(of: text) }
}
