import Testing

@testable import CherryAssistant

@Suite("Context window")
struct ContextWindowTests {
    /// Room for 100 tokens of text in messages of 10, each with its overhead.
    let window = ContextWindow(contextLength: 200)

    @Test("A quarter of a small context is left for the answer, never more than 1,024 tokens")
    func reserve() {
        #expect(ContextWindow(contextLength: 2048).budget == 2048 - 512)
        #expect(ContextWindow(contextLength: 128_000).budget == 128_000 - 1024)
    }

    @Test("A history that fits is sent whole")
    func fits() {
        let choice = self.window.choose(instructions: 10, counts: [10, 10, 10])
        #expect(choice == .init(kept: [0, 1, 2], omitted: 0))
    }

    @Test("What does not fit is left out of the middle: the opening and the end stay")
    func middle() throws {
        let counts = Array(repeating: 10, count: 20)
        let choice = try #require(self.window.choose(instructions: 10, counts: counts))
        #expect(choice.kept.starts(with: [0, 1]))
        #expect(choice.kept.last == 19)
        #expect(choice.omitted == 20 - choice.kept.count)
        #expect(choice.omitted > 0)
        let gap = zip(choice.kept, choice.kept.dropFirst()).filter { $1 - $0 > 1 }
        #expect(gap.count == 1, "one hole, in the middle")
    }

    @Test("The choice never exceeds the budget", arguments: [1, 7, 30, 60, 200])
    func budget(size: Int) {
        for length in [256, 1000, 4096] {
            let window = ContextWindow(contextLength: length)
            let counts = (0..<100).map { ($0 * 37 + size) % size + 1 }
            guard let choice = window.choose(instructions: 20, counts: counts) else { continue }
            let spent = choice.kept.reduce(20 + ContextWindow.overhead) { $0 + counts[$1] + ContextWindow.overhead }
            #expect(spent <= window.budget)
        }
    }

    @Test("An opening too long for its share is given up, not the newest messages")
    func longOpening() throws {
        let choice = try #require(self.window.choose(instructions: 0, counts: [120, 120, 10, 10, 10]))
        #expect(choice.kept == [2, 3, 4])
    }

    @Test("A newest message that cannot fit is refused rather than cut")
    func tooLong() {
        #expect(self.window.choose(instructions: 10, counts: [5, 500]) == nil)
    }

    @Test("An empty history is no reason to fail")
    func empty() {
        #expect(self.window.choose(instructions: 10, counts: []) == .init(kept: [], omitted: 0))
    }

    @Test("Only the opening and what may fit at the end is counted exactly")
    func candidates() {
        #expect(ContextWindow.candidates([1, 1, 1], budget: 100) == [0, 1, 2])
        #expect(ContextWindow.candidates(Array(repeating: 10, count: 10), budget: 30) == [0, 1, 7, 8, 9])
        #expect(ContextWindow.candidates([500], budget: 30) == [0])
        #expect(ContextWindow.candidates([10, 500], budget: 30) == [0, 1])
        #expect(ContextWindow.candidates([], budget: 30) == [])
    }
}
