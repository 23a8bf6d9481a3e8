/// The rules for names and ids in messages.
enum HubName {
    static let maximumLength = 64

    /// Whether a text can name a tool or a kind: 1 to 64 of ASCII letters, digits, `.`, `_` and `-`.
    static func isValid(_ text: some StringProtocol) -> Bool {
        (1...self.maximumLength).contains(text.utf8.count) && text.utf8.allSatisfy(self.isNameByte)
    }

    /// Whether a text can name a capability: as a tool's name, and `:` and `/` besides.
    static func isCapability(_ text: String) -> Bool {
        (1...self.maximumLength).contains(text.utf8.count)
            && text.utf8.allSatisfy { self.isNameByte($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
    }

    /// Whether a text can be the id of a message or a task: 1 to 64 of visible ASCII characters.
    static func isID(_ text: String) -> Bool {
        (1...self.maximumLength).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Joins a tool's name and the id that it chose, so that the two cannot meet those of another.
    static func reference(_ tool: String, _ id: String) -> String { "\(tool)/\(id)" }

    /// Takes a reference apart; `nil` when it is none.
    static func parts(of reference: String) -> (tool: String, id: String)? {
        guard let slash = reference.firstIndex(of: "/") else { return nil }
        let tool = reference[..<slash]
        let id = String(reference[reference.index(after: slash)...])
        return self.isValid(tool) && self.isID(id) ? (String(tool), id) : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
