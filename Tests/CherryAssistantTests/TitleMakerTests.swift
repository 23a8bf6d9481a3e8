import Testing

@testable import CherryAssistant

@Suite("Titles")
struct TitleMakerTests {
    @Test(
        "The fallback is the first words of the first line that has any",
        arguments: [
            ("How do I prune a cherry tree?", "How do I prune a cherry tree?"),
            ("\n\n# Plan\nfor Monday", "Plan"),
            ("> - `quoted`", "quoted`"),
            ("   ", "New conversation"),
            ("", "New conversation"),
        ]
    )
    func fallback(text: String, title: String) {
        #expect(TitleMaker.fallback(for: text) == title)
    }

    @Test("The fallback ends at a word and stays short")
    func fallbackLength() {
        let title = TitleMaker.fallback(for: String(repeating: "wonderful ", count: 30))
        #expect(title.hasSuffix("wonderful…"))
        #expect(title.count <= TitleMaker.limit + 1)
        #expect(TitleMaker.fallback(for: String(repeating: "x", count: 500)).count == TitleMaker.limit)
    }

    @Test(
        "A model's title loses its wrapping",
        arguments: [
            ("\"Pruning cherry trees\"", "Pruning cherry trees"),
            ("Title: Pruning cherry trees.", "Pruning cherry trees"),
            ("**Cherry trees**\nand more talk", "Cherry trees"),
        ]
    )
    func unwrap(answer: String, title: String) {
        #expect(TitleMaker.title(from: answer, about: "how to prune cherry trees") == title)
    }

    @Test(
        "What is no title is refused",
        arguments: [
            "", "\n", "Sure, here is a title for the conversation that you asked me to name for you",
            "Quantum chromodynamics", "ok", "```swift", "- prune trees",
        ]
    )
    func refuse(answer: String) {
        #expect(TitleMaker.title(from: answer, about: "how to prune cherry trees") == nil)
    }
}
