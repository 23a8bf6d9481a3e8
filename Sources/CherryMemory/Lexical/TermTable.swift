/// Numbers words: the first word seen is 0, the next new one 1.
///
/// The words lie one after the other in one array, which takes a fraction of what strings in a dictionary do.
struct TermTable {
    private var bytes: [UInt8] = []
    private var ends: [UInt32] = []
    /// Open addressing: a word's number plus one; 0 is free. Its size is a power of two.
    private var slots = [UInt32](repeating: 0, count: 1024)
    private let seed = UInt64.random(in: .min ... .max)

    /// How many words there are.
    var count: Int { self.ends.count }

    /// The UTF-8 of a word.
    subscript(term: Int) -> ArraySlice<UInt8> {
        self.bytes[(term == 0 ? 0 : Int(self.ends[term - 1]))..<Int(self.ends[term])]
    }

    /// The number of a word, if it is known.
    func find(_ word: ArraySlice<UInt8>) -> Int? {
        let entry = self.slots[self.slot(of: word)]
        return entry == 0 ? nil : Int(entry) - 1
    }

    /// The number of a word, which is added if it is new.
    mutating func intern(_ word: ArraySlice<UInt8>) -> Int {
        let slot = self.slot(of: word)
        if self.slots[slot] != 0 { return Int(self.slots[slot]) - 1 }
        self.bytes.append(contentsOf: word)
        self.ends.append(UInt32(self.bytes.count))
        self.slots[slot] = UInt32(self.ends.count)
        if self.ends.count * 2 > self.slots.count { self.grow() }
        return self.ends.count - 1
    }

    /// Whether one word comes before another, byte by byte.
    func precedes(_ left: Int, _ right: Int) -> Bool { self[left].lexicographicallyPrecedes(self[right]) }

    /// The slot that holds `word`, or the free one where it belongs.
    private func slot(of word: ArraySlice<UInt8>) -> Int {
        let mask = self.slots.count - 1
        var slot = Int(truncatingIfNeeded: self.hash(word)) & mask
        while self.slots[slot] != 0, !self.holds(Int(self.slots[slot]) - 1, word) { slot = (slot + 1) & mask }
        return slot
    }

    private func holds(_ term: Int, _ word: ArraySlice<UInt8>) -> Bool {
        let start = term == 0 ? 0 : Int(self.ends[term - 1])
        let count = Int(self.ends[term]) - start
        guard count == word.count else { return false }
        return self.bytes.withUnsafeBufferPointer { own in
            word.withUnsafeBufferPointer { other in
                for index in 0..<count where own[start + index] != other[index] { return false }
                return true
            }
        }
    }

    private func hash(_ word: ArraySlice<UInt8>) -> UInt64 {
        word.withUnsafeBufferPointer { bytes in
            var hash = self.seed
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            return hash ^ hash >> 29
        }
    }

    private mutating func grow() {
        self.slots = [UInt32](repeating: 0, count: self.slots.count * 2)
        for term in 0..<self.ends.count { self.slots[self.slot(of: self[term])] = UInt32(term + 1) }
    }
}
