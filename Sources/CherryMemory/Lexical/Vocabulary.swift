/// Finds the words that begin with given letters.
///
/// Sorting every new word in at once would cost too much: new words wait at the end of `terms`, unsorted, until there
/// are enough of them.
struct Vocabulary {
    /// Words looked at for one prefix at most.
    private static let scanLimit = 4096
    private static let smallestTail = 4096

    private(set) var terms = TermTable()
    /// The first words of `terms`, in order.
    private var sorted: [UInt32] = []

    /// The number of a word, if it is known.
    func find(_ word: ArraySlice<UInt8>) -> Int? { self.terms.find(word) }

    /// The number of a word, which is added if it is new.
    mutating func intern(_ word: ArraySlice<UInt8>) -> Int {
        let term = self.terms.intern(word)
        if self.terms.count - self.sorted.count > max(Self.smallestTail, self.sorted.count / 4) { self.sortTail() }
        return term
    }

    /// Words that begin with `prefix` and are longer, in no particular order; not all of them when there are very many.
    func extensions(of prefix: ArraySlice<UInt8>) -> [Int] {
        var found: [Int] = []
        for term in self.sorted[self.lowerBound(prefix)...].prefix(Self.scanLimit) {
            guard self.terms[Int(term)].starts(with: prefix) else { break }
            found.append(Int(term))
        }
        for term in self.sorted.count..<self.terms.count where self.terms[term].starts(with: prefix) {
            found.append(term)
        }
        return found.filter { self.terms[$0].count > prefix.count }
    }

    private func lowerBound(_ word: ArraySlice<UInt8>) -> Int {
        var (low, high) = (0, self.sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if self.terms[Int(self.sorted[middle])].lexicographicallyPrecedes(word) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private mutating func sortTail() {
        let terms = self.terms
        let tail = (UInt32(self.sorted.count)..<UInt32(terms.count)).sorted { terms.precedes(Int($0), Int($1)) }
        var merged: [UInt32] = []
        merged.reserveCapacity(terms.count)
        var next = 0
        for term in self.sorted {
            while next < tail.count, terms.precedes(Int(tail[next]), Int(term)) {
                merged.append(tail[next])
                next += 1
            }
            merged.append(term)
        }
        merged += tail[next...]
        self.sorted = merged
    }
}
