import Foundation

/// A question cut into words, and into what must be the same to the letter: numbers, codes, addresses, signs and what
/// stands in quotation marks.
struct QuestionWords {
    /// One piece of a question.
    struct Piece: Hashable {
        enum Kind: Hashable {
            /// Letters, in lower case unless there are capitals within.
            case word
            /// Anything else, as it was written.
            case exact
        }
        var kind: Kind
        var text: String
        /// Whether it was written with a capital letter, or in a script that has none, so that it may be a name.
        var mayBeName = false
        var beginsSentence = false
        /// Whether an apostrophe stood before it, as before the `t` of `don't`.
        var followsApostrophe = false
    }

    private(set) var pieces: [Piece] = []
    private var beginsSentence = true

    init(_ text: String) {
        // What only looks the same must be the same: é is one character or two.
        let characters = Array(text.precomposedStringWithCanonicalMapping)
        let end = (characters.lastIndex { !$0.isWhitespace && !Self.ordinary.contains($0) } ?? -1) + 1
        var place = characters.firstIndex { !$0.isWhitespace } ?? characters.count
        while place < characters.count {
            let character = characters[place]
            if character.isNewline {
                place = self.takeLineBreak(characters, at: place, isInside: place < end)
            } else if character.isWhitespace {
                place += 1
            } else if let past = Self.endOfQuotation(characters, at: place) {
                self.append(.exact, String(characters[place..<past]))
                place = past
            } else {
                place = self.takeChunk(characters, at: place, isInside: { $0 < end })
            }
        }
    }

    /// Marks that end or join sentences and say little else.
    private static let ordinary: Set<Character> = [
        ",", ".", ";", ":", "!", "?", "…", "(", ")", "¿", "¡", "—", "。", "、", "，", "！", "？", "：", "；", "'", "’",
    ]
    private static let sentenceEnds: Set<Character> = [".", "!", "?", ":", "…", "。", "！", "？", "："]
    private static let quotations: [Character: Set<Character>] = [
        "\"": ["\""], "“": ["”"], "„": ["“", "”"], "«": ["»"], "»": ["«"], "「": ["」"], "`": ["`"],
    ]

    /// Where a quotation that begins at `place` has ended; `nil` when none begins there.
    private static func endOfQuotation(_ characters: [Character], at place: Int) -> Int? {
        let first = characters[place]
        let rest = characters[(place + 1)...]
        if let ends = self.quotations[first] {
            if first == "`" {
                let fence = characters[place...].prefix { $0 == "`" }.count
                var next = place + fence
                while next + fence <= characters.count {
                    if characters[next..<next + fence].allSatisfy({ $0 == "`" }) { return next + fence }
                    next += 1
                }
                return nil
            }
            return rest.firstIndex(where: ends.contains).map { $0 + 1 }
        }
        guard first == "'" || first == "‘" else { return nil }
        if place > 0, characters[place - 1].isLetter || characters[place - 1].isNumber { return nil }
        let end = rest.firstIndex { $0 == "'" || $0 == "’" }
        guard let end, end > place + 1, end + 1 == characters.count || !characters[end + 1].isLetter else { return nil }
        return end + 1
    }

    private mutating func append(_ kind: Piece.Kind, _ text: String) {
        self.pieces.append(Piece(kind: kind, text: text, beginsSentence: self.beginsSentence))
        self.beginsSentence = false
    }

    /// The shape of a text of several lines is a part of it: it may be code.
    private mutating func takeLineBreak(_ characters: [Character], at place: Int, isInside: Bool) -> Int {
        var next = place + 1
        while next < characters.count, characters[next].isWhitespace { next += 1 }
        if isInside { self.append(.exact, String(characters[place..<next])) }
        self.beginsSentence = true
        return next
    }

    /// Takes what stands between two spaces.
    private mutating func takeChunk(_ characters: [Character], at start: Int, isInside: (Int) -> Bool) -> Int {
        var past = start
        while past < characters.count, !characters[past].isWhitespace,
            past == start || Self.quotations[characters[past]] == nil
        {
            past += 1
        }
        var (first, last) = (start, past)
        while first < last, Self.ordinary.contains(characters[first]) { first += 1 }
        while first < last, Self.ordinary.contains(characters[last - 1]) { last -= 1 }
        if first < last { self.take(characters[first..<last]) }
        for place in last..<past {
            let mark = characters[place]
            // A question among other sentences is something else than a statement.
            if isInside(place), mark == "?" || mark == "!" { self.append(.exact, String(mark)) }
            if Self.sentenceEnds.contains(mark) { self.beginsSentence = true }
        }
        return past
    }

    private mutating func take(_ core: ArraySlice<Character>) {
        let isWords = core.allSatisfy { $0.isLetter || $0 == "'" || $0 == "’" || $0 == "-" }
        guard isWords, core.first?.isLetter == true, core.last?.isLetter == true else {
            return self.append(.exact, String(core))
        }
        var start = core.startIndex
        for place in core.indices where !core[place].isLetter {
            self.takeWord(core[start..<place], in: core)
            start = place + 1
        }
        self.takeWord(core[start...], in: core)
    }

    private mutating func takeWord(_ letters: ArraySlice<Character>, in core: ArraySlice<Character>) {
        guard !letters.isEmpty else { return }
        // Capital letters within a word are a part of it: “US” is not “us”.
        let isPlain = !letters.dropFirst().contains(where: \.isUppercase)
        self.append(.word, isPlain ? String(letters).lowercased() : String(letters))
        let last = self.pieces.count - 1
        self.pieces[last].mayBeName = letters.contains { $0.isUppercase || !$0.isCased }
        if letters.startIndex > core.startIndex {
            let mark = core[letters.startIndex - 1]
            self.pieces[last].followsApostrophe = mark == "'" || mark == "’"
        }
    }
}
