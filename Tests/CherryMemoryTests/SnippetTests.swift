import CherryMemory
import Foundation
import Testing

@Suite("Snippets")
struct SnippetTests {
    private func marked(_ snippet: Snippet) -> [String] {
        let units = Array(snippet.text.utf16)
        return snippet.ranges.map { String(decoding: units[$0], as: UTF16.self) }
    }

    @Test("a short text is shown whole, on one line, with every match marked")
    func short() {
        let snippet = Snippet(of: "First\nthe Cherry,\r\nthen cherries", matching: "first cherr")
        #expect(snippet.text == "First the Cherry,  then cherries")
        #expect(self.marked(snippet) == ["First", "Cherry", "cherries"])
    }

    @Test("places count UTF-16 units, also after characters beyond the basic plane")
    func units() {
        let snippet = Snippet(of: "🍒🍒 naïve café 👩‍👩‍👧 end", matching: "cafe end")
        #expect(self.marked(snippet) == ["café", "end"])
        #expect(snippet.ranges[0] == 11..<15)
    }

    @Test("a long text is cut at words around the first place with most words")
    func long() {
        let filler = String(repeating: "lorem ipsum dolor ", count: 30)
        let text = filler + "cherry alone. " + filler + "cherry and plum together. " + filler
        let snippet = Snippet(of: text, matching: "plum cherry ")
        #expect(snippet.text.hasPrefix("…") && snippet.text.hasSuffix("…"))
        #expect(snippet.text.utf16.count <= 162)
        #expect(self.marked(snippet) == ["cherry", "plum"])
        let words = snippet.text.dropFirst().dropLast().split(separator: " ").map {
            $0.trimmingCharacters(in: .punctuationCharacters)
        }
        #expect(
            words.allSatisfy { ["lorem", "ipsum", "dolor", "cherry", "alone", "and", "plum", "together"].contains($0) }
        )
    }

    @Test("a match at the very end or start is shown")
    func edges() {
        let filler = String(repeating: "lorem ipsum ", count: 50)
        let end = Snippet(of: filler + "cherry", matching: "cherry")
        #expect(end.text.hasSuffix("cherry"))
        #expect(self.marked(end) == ["cherry"])
        let start = Snippet(of: "cherry " + filler, matching: "cherry ")
        #expect(start.text.hasPrefix("cherry"))
        #expect(self.marked(start) == ["cherry"])
    }

    @Test("overlapping matches of text without spaces are one")
    func ideographs() {
        let snippet = Snippet(of: "私は東京都庁に行く", matching: "東京都")
        #expect(self.marked(snippet) == ["東京都"])
    }

    @Test("a text without a match shows its beginning, and no character is cut in two")
    func noMatch() {
        let text = String(repeating: "👩‍👩‍👧", count: 100)
        let snippet = Snippet(of: text, matching: "x")
        #expect(snippet.ranges.isEmpty)
        #expect(snippet.text.dropLast().allSatisfy { $0 == "👩‍👩‍👧" })
        #expect(snippet.text.hasSuffix("…"))
        #expect(Snippet(of: "", matching: "x").text.isEmpty)
    }

    @Test("ranges lie in the text, whatever text and query are", arguments: 1...30)
    func random(round: Int) {
        let pieces = ["cherry", "🍒", " ", "\n", "猫", "é", "e\u{301}", "long-word_with.parts", "\r\n", "…", "👩‍👩‍👧", "a"]
        for _ in 0..<30 {
            let text = (0..<Int.random(in: 0..<200)).map { _ in pieces.randomElement()! }.joined()
            let query = (0..<Int.random(in: 0..<4)).map { _ in pieces.randomElement()! }.joined(separator: " ")
            let snippet = Snippet(of: text, matching: query, length: 50)
            #expect(snippet.ranges.allSatisfy { $0.upperBound <= snippet.text.utf16.count && !$0.isEmpty })
            #expect(zip(snippet.ranges, snippet.ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
            #expect(!self.marked(snippet).contains { $0.contains(" ") || $0.contains("\u{fffd}") })
        }
    }
}
