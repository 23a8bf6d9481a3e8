import CherryCore

/// Which texts hold which words, and how often.
struct InvertedIndex {
    /// Texts that one index can hold: a posting keeps the text's slot in 24 bits.
    static let capacity = 1 << 24

    private(set) var vocabulary = Vocabulary()
    /// For each word, in order of slot: the slot of a text in the upper 24 bits, how often it is there in the lower 8.
    private(set) var postings: [[UInt32]] = []
    /// Each text's words, so that it can be taken out again.
    private var words: [[UInt32]] = []
    /// How many words each text has, repeated ones included.
    private(set) var lengths: [UInt32] = []
    private(set) var ids: [RecordID?] = []
    private var slots: [RecordID: Int] = [:]
    private var freeSlots: [Int] = []
    private(set) var totalLength = 0

    /// How many texts there are.
    var count: Int { self.slots.count }

    func contains(_ id: RecordID) -> Bool { self.slots[id] != nil }

    mutating func add(_ id: RecordID, _ tokens: TokenList) {
        self.remove(id)
        guard let slot = self.freeSlots.popLast() ?? self.newSlot() else { return }
        var terms: [UInt32] = []
        terms.reserveCapacity(tokens.count)
        for index in 0..<tokens.count { terms.append(UInt32(self.vocabulary.intern(tokens[index]))) }
        while self.postings.count < self.vocabulary.terms.count { self.postings.append([]) }
        terms.sort()
        var distinct: [UInt32] = []
        var index = 0
        while index < terms.count {
            let term = terms[index]
            var end = index + 1
            while end < terms.count, terms[end] == term { end += 1 }
            self.insert(UInt32(slot) << 8 | UInt32(min(end - index, 255)), into: Int(term))
            distinct.append(term)
            index = end
        }
        self.words[slot] = distinct
        self.lengths[slot] = UInt32(tokens.count)
        self.ids[slot] = id
        self.slots[id] = slot
        self.totalLength += tokens.count
    }

    mutating func remove(_ id: RecordID) {
        guard let slot = self.slots.removeValue(forKey: id) else { return }
        for term in self.words[slot] {
            self.postings[Int(term)].remove(at: Self.place(of: slot, in: self.postings[Int(term)]))
        }
        self.totalLength -= Int(self.lengths[slot])
        self.words[slot] = []
        self.lengths[slot] = 0
        self.ids[slot] = nil
        self.freeSlots.append(slot)
    }

    private mutating func newSlot() -> Int? {
        guard self.ids.count < Self.capacity else { return nil }
        self.words.append([])
        self.lengths.append(0)
        self.ids.append(nil)
        return self.ids.count - 1
    }

    private mutating func insert(_ posting: UInt32, into term: Int) {
        if let last = self.postings[term].last, last > posting {
            let place = Self.place(of: Int(posting >> 8), in: self.postings[term])
            self.postings[term].insert(posting, at: place)
        } else {
            self.postings[term].append(posting)
        }
    }

    /// Where the posting of a slot is, or would be.
    private static func place(of slot: Int, in postings: [UInt32]) -> Int {
        var (low, high) = (0, postings.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(postings[middle] >> 8) < slot { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
