import CherryCore
import Foundation
import HeapModule

extension InvertedIndex {
    /// Okapi BM25: how soon repetition stops counting, and how much a text's length does.
    static let saturation = 1.2
    static let lengthWeight = 0.75
    /// A longer word that only begins like the last one counts for half of it.
    static let prefixWeight = 0.5
    /// Longer words tried for the last one, the most frequent first.
    static let expansionLimit = 64

    /// The best texts, best first; of equals the younger id.
    ///
    /// Texts that have every word; when there are none, texts that have any.
    func search(_ query: LexicalQuery, limit: Int) -> [(id: RecordID, score: Double)] {
        guard self.count > 0, !query.words.isEmpty, limit > 0 else { return [] }
        var scores = [Double](repeating: 0, count: self.ids.count)
        var matched = [UInt8](repeating: 0, count: self.ids.count)
        for (index, word) in query.words.enumerated() {
            let isPrefix = query.lastIsPrefix && index == query.words.count - 1
            if isPrefix {
                self.scoreExpansions(of: word[...], &scores, &matched)
            } else if let term = self.vocabulary.find(word[...]) {
                self.score(self.postings[term], &scores, &matched)
            }
        }
        return self.best(limit, scores, having: matched, of: query.words.count)
    }

    private func score(_ postings: [UInt32], _ scores: inout [Double], _ matched: inout [UInt8]) {
        let weight = self.rarity(postings.count)
        for posting in postings {
            let slot = Int(posting >> 8)
            scores[slot] += weight * self.damped(Double(posting & 0xff), in: slot)
            matched[slot] += 1
        }
    }

    /// Takes a word and its extensions as one word that is as frequent as all of them.
    private func scoreExpansions(of prefix: ArraySlice<UInt8>, _ scores: inout [Double], _ matched: inout [UInt8]) {
        let exact = self.vocabulary.find(prefix)
        let longer = self.vocabulary.extensions(of: prefix)
            .sorted { (self.postings[$0].count, $1) > (self.postings[$1].count, $0) }
            .prefix(Self.expansionLimit)
        if longer.isEmpty {
            if let exact { self.score(self.postings[exact], &scores, &matched) }
            return
        }
        var frequencies = [Double](repeating: 0, count: self.ids.count)
        var slots: [Int] = []
        func count(_ term: Int, _ weight: Double) {
            for posting in self.postings[term] {
                let slot = Int(posting >> 8)
                if frequencies[slot] == 0 { slots.append(slot) }
                frequencies[slot] += weight * Double(posting & 0xff)
            }
        }
        if let exact { count(exact, 1) }
        for term in longer { count(term, Self.prefixWeight) }
        let weight = self.rarity(slots.count)
        for slot in slots {
            scores[slot] += weight * self.damped(frequencies[slot], in: slot)
            matched[slot] += 1
        }
    }

    private func rarity(_ texts: Int) -> Double {
        log(1 + (Double(self.count) - Double(texts) + 0.5) / (Double(texts) + 0.5))
    }

    private func damped(_ frequency: Double, in slot: Int) -> Double {
        let average = Double(self.totalLength) / Double(self.count)
        let length = 1 - Self.lengthWeight + Self.lengthWeight * Double(self.lengths[slot]) / average
        return frequency * (Self.saturation + 1) / (frequency + Self.saturation * length)
    }

    private func best(
        _ limit: Int,
        _ scores: [Double],
        having matched: [UInt8],
        of words: Int
    ) -> [(id: RecordID, score: Double)] {
        let wanted: UInt8 = matched.contains(UInt8(words)) ? UInt8(words) : 1
        var heap = Heap<Candidate>()
        for slot in scores.indices where matched[slot] >= wanted {
            guard let id = self.ids[slot] else { continue }
            let candidate = Candidate(score: scores[slot], id: id)
            if heap.count < limit {
                heap.insert(candidate)
            } else if let worst = heap.min, worst < candidate {
                heap.replaceMin(with: candidate)
            }
        }
        return heap.unordered.sorted(by: >).map { ($0.id, $0.score) }
    }

    private struct Candidate: Comparable {
        let score: Double
        let id: RecordID

        static func < (lhs: Candidate, rhs: Candidate) -> Bool {
            lhs.score != rhs.score ? lhs.score < rhs.score : lhs.id < rhs.id
        }
    }
}
