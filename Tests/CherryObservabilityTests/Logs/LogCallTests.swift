import Testing

@testable import CherryObservability

@Suite("What the product's code logs")
struct LogCallTests {
    /// A call: its message, and its metadata between the brackets.
    private static var calls: Regex<(Substring, Substring, Substring?)> {
        #/ogger\.(?:trace|debug|info|notice|warning|error|critical)\(\s*"((?:[^"\\]|\\.)*)"(?:,\s*metadata: \[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\])?/#
    }

    @Test("Messages are fixed words: what varies stands in fields, which have rules")
    func fixedWords() throws {
        var count = 0
        for (name, text) in try ProductSources.files() {
            for call in text.matches(of: Self.calls) {
                count += 1
                #expect(!call.1.contains(#"\("#), "\(name): \(call.1)")
            }
        }
        #expect(count > 15)
    }

    @Test("Fields have names that the log knows: another one would be left out without a word")
    func knownFields() throws {
        var count = 0
        for (name, text) in try ProductSources.files() {
            for call in text.matches(of: Self.calls) {
                for key in (call.2 ?? "").matches(of: #/"([a-zA-Z.]+)": /#) {
                    count += 1
                    #expect(LogKey(key: String(key.1)) != nil, "\(name): \(key.1)")
                }
            }
        }
        #expect(count > 8)
    }
}
