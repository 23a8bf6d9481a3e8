import CherryCore
import CherryMemory
import Foundation
import Testing

@Suite("Scores are those of BM25 worked out by hand")
struct NaiveScorerTests {
    /// Small numbers from a seed, so that a failure can be repeated.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            self.state ^= self.state << 13
            self.state ^= self.state >> 7
            self.state ^= self.state << 17
            return self.state
        }
    }

    private static let words = ["ab", "abc", "abcd", "b", "ba", "cab", "d", "dad", "dada", "e"]

    /// Scores every text with every word by the formula; `weights` says how much each word of a text counts for.
    private static func naive(_ texts: [RecordID: [String]], _ query: [String], lastIsPrefix: Bool) -> [RecordID:
        Double]
    {
        let average = Double(texts.values.map(\.count).reduce(0, +)) / Double(texts.count)
        func frequency(_ index: Int, _ text: [String]) -> Double {
            let word = query[index]
            let isPrefix = lastIsPrefix && index == query.count - 1
            return text.reduce(0) { $0 + ($1 == word ? 1 : isPrefix && $1.hasPrefix(word) ? 0.5 : 0) }
        }
        func score(_ text: [String]) -> (score: Double, matched: Int) {
            query.indices.reduce(into: (0, 0)) { result, index in
                let count = frequency(index, text)
                guard count > 0 else { return }
                let holders = Double(texts.values.count { frequency(index, $0) > 0 })
                let rarity = log(1 + (Double(texts.count) - holders + 0.5) / (holders + 0.5))
                result.0 += rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * Double(text.count) / average))
                result.1 += 1
            }
        }
        let scored = texts.mapValues(score)
        let wanted = scored.values.contains { $0.matched == query.count } ? query.count : 1
        return scored.filter { $0.value.matched >= wanted }.mapValues(\.score)
    }

    @Test("whatever was added, replaced and removed before", arguments: 1...40)
    func random(seed: UInt64) {
        var numbers = Numbers(state: seed &* 0x9e37_79b9_7f4a_7c15)
        let index = LexicalIndex()
        let ids = (0..<15).map { _ in RecordID.make() }
        var texts: [RecordID: [String]] = [:]
        for _ in 0..<60 {
            let id = ids.randomElement(using: &numbers)!
            if Int.random(in: 0..<4, using: &numbers) == 0 {
                index.remove(id)
                texts[id] = nil
            } else {
                let length = Int.random(in: 1..<12, using: &numbers)
                let text = (0..<length).map { _ in Self.words.randomElement(using: &numbers)! }
                index.add(id, text.joined(separator: " "))
                texts[id] = text
            }
        }
        for _ in 0..<20 {
            let query = Array(Self.words.shuffled(using: &numbers).prefix(Int.random(in: 1...3, using: &numbers)))
            let lastIsPrefix = Bool.random(using: &numbers)
            let expected = Self.naive(texts, query, lastIsPrefix: lastIsPrefix)
            let found = index.search(query.joined(separator: " ") + (lastIsPrefix ? "" : "."), limit: 100)
            #expect(Set(found.map(\.id)) == Set(expected.keys), "\(query)")
            for hit in found { #expect(abs(hit.score - (expected[hit.id] ?? 0)) < 1e-9) }
            #expect(zip(found, found.dropFirst()).allSatisfy { ($0.score, $0.id) > ($1.score, $1.id) })
            let best = index.search(query.joined(separator: " ") + (lastIsPrefix ? "" : "."), limit: 3)
            #expect(best.map(\.id) == found.prefix(3).map(\.id))
        }
    }
}

private func > (lhs: (Double, RecordID), rhs: (Double, RecordID)) -> Bool {
    lhs.0 != rhs.0 ? lhs.0 > rhs.0 : lhs.1 > rhs.1
}
