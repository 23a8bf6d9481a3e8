/// The wording of a question, for comparing questions without a model. It knows nothing of what words mean.
///
/// Two questions are comparable when they have the same words in the same order, apart from case, punctuation, a few
/// small words, and phrases of politeness at the ends; one part may stand first or last, as in “in Swift, sort a list”
/// and “sort a list in Swift”. How alike they are is then the cosine between their vectors of words and neighbours.
struct QuestionWording {
    private let pieces: [String]
    private let small: [String]

    init(_ text: String) {
        var words = QuestionWords(text).pieces[...]
        Self.trim(&words)
        self.pieces = words.filter { !Self.isSmall($0) }.map(Self.name)
        self.small = words.filter(Self.isSmall).map(Self.name)
    }

    /// The same for all questions that are comparable.
    var words: [String] {
        let start = Self.leastRotation(of: self.pieces)
        return Array(self.pieces[start...] + self.pieces[..<start])
    }

    /// A vector of length 1 with a place for each word and each two neighbours, found by a hash.
    var vector: [Float] {
        var vector = [Float](repeating: 0, count: Self.dimensions)
        for word in self.pieces { vector[Self.place(of: "w" + word)] += 1 }
        for (word, next) in zip(self.pieces, self.pieces.dropFirst()) {
            vector[Self.place(of: "n\(word) \(next)")] += 1
        }
        for word in self.small { vector[Self.place(of: "s" + word)] += Self.smallWeight }
        return QuestionVector.normalized(vector) ?? vector
    }

    private static let dimensions = 1024
    private static let smallWeight: Float = 0.25
    private static let smallWords: Set = ["a", "an", "the", "is", "are", "s"]
    private static let openings: [[String]] = [
        ["hi"], ["hello"], ["hey"], ["please"], ["kindly"], ["can", "you"], ["could", "you"], ["would", "you"],
        ["will", "you"], ["tell", "me"], ["give", "me"], ["show", "me"],
    ]
    private static let closings: [[String]] = [["please"], ["thanks"], ["thank", "you"]]

    private static func isSmall(_ piece: QuestionWords.Piece) -> Bool {
        piece.kind == .word && self.smallWords.contains(piece.text)
    }

    private static func name(_ piece: QuestionWords.Piece) -> String {
        (piece.kind == .word ? "w" : "x") + piece.text
    }

    /// Takes politeness off both ends, unless nothing else is there.
    private static func trim(_ words: inout ArraySlice<QuestionWords.Piece>) {
        func isWord(_ piece: QuestionWords.Piece, _ word: String) -> Bool { piece.kind == .word && piece.text == word }
        var rest = words
        while let phrase = self.openings.first(where: { rest.starts(with: $0, by: isWord) }) {
            rest = rest.dropFirst(phrase.count)
            while let mark = rest.first, mark.kind == .exact, mark.text == "?" || mark.text == "!" {
                rest.removeFirst()
            }
        }
        while let phrase = self.closings.first(where: { rest.reversed().starts(with: $0.reversed(), by: isWord) }) {
            rest = rest.dropLast(phrase.count)
            // What ended the sentence before stands at the end now, where it says little.
            while let mark = rest.last, mark.kind == .exact, mark.text == "?" || mark.text == "!" { rest.removeLast() }
        }
        if rest.contains(where: { !self.isSmall($0) }) { words = rest }
    }

    /// Where the rotation begins that comes first in order, by two pointers in linear time.
    private static func leastRotation(of items: [String]) -> Int {
        let count = items.count
        var (first, second, length) = (0, 1, 0)
        while first < count, second < count, length < count {
            let (one, other) = (items[(first + length) % count], items[(second + length) % count])
            if one == other {
                length += 1
                continue
            }
            if one > other { first += length + 1 } else { second += length + 1 }
            if first == second { second += 1 }
            length = 0
        }
        return min(first, second)
    }

    /// FNV-1a, 64 bits.
    private static func place(of text: String) -> Int {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return Int(hash % UInt64(self.dimensions))
    }
}

/// Vectors of questions.
enum QuestionVector {
    /// The longest that is kept.
    static let longest = 8192

    /// The vector with length 1; `nil` when it has no direction.
    static func normalized(_ vector: [Float]) -> [Float]? {
        guard !vector.isEmpty, vector.count <= self.longest, vector.allSatisfy(\.isFinite) else { return nil }
        let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length > 0, length.isFinite else { return nil }
        return vector.map { Float(Double($0) / length) }
    }

    /// The cosine of the angle between two vectors of length 1; 0 when they are not of the same space.
    static func cosine(_ one: [Float], _ other: [Float]) -> Double {
        guard one.count == other.count else { return 0 }
        var sum = 0.0
        for index in one.indices { sum += Double(one[index]) * Double(other[index]) }
        // Rounding must not keep a vector from being its own equal.
        return sum > 0.999_999 ? 1 : max(-1, sum)
    }

    /// The vector as 32-bit floats, the least significant byte first.
    static func bytes(_ vector: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(vector.count * 4)
        for value in vector {
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
            }
        }
        return bytes
    }

    /// The vector that `bytes` were written for.
    static func vector(_ bytes: some RandomAccessCollection<UInt8>) -> [Float] {
        var vector: [Float] = []
        vector.reserveCapacity(bytes.count / 4)
        var place = bytes.startIndex
        while let end = bytes.index(place, offsetBy: 4, limitedBy: bytes.endIndex) {
            let bits = bytes[place..<end].reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            vector.append(Float(bitPattern: bits))
            place = end
        }
        return vector
    }
}
