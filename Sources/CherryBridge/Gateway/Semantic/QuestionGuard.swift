/// What two questions must have in common, in the same order, before it is asked how alike they are.
///
/// Vectors of meaning put “with” and “without”, 2023 and 2024, or one name and another, close together. Whatever is
/// listed here makes a different question, so the answer to the one is never given to the other.
enum QuestionGuard {
    /// Numbers, codes, signs, quotations, names, and words that turn a meaning around.
    ///
    /// Names are known by their capital letter, or by a script without any. Of a text that begins without a capital
    /// letter, where names may have none, every word counts.
    static func marks(of text: String) -> [String] {
        let pieces = QuestionWords(text).pieces
        let showsNames = pieces.first { $0.kind == .word }?.mayBeName ?? true
        var marks: [String] = []
        for (index, piece) in pieces.enumerated() {
            guard piece.kind == .word else {
                marks.append("=" + piece.text)
                continue
            }
            if let turn = self.turn(at: index, in: pieces) {
                marks.append("!" + turn)
            } else if !showsNames || (self.isName(piece) && !self.isNegated(at: index, in: pieces)) {
                marks.append("@" + piece.text)
            }
            marks += piece.text.unicodeScalars.filter(self.turningScalars.contains).map { "!\($0)" }
        }
        return marks
    }

    private static func isName(_ piece: QuestionWords.Piece) -> Bool {
        guard piece.mayBeName, piece.text != "i" else { return false }
        return !(piece.beginsSentence && TurningWords.beginnings.contains(piece.text))
    }

    /// Whether a word is the first part of one such as `don't`.
    private static func isNegated(at index: Int, in pieces: [QuestionWords.Piece]) -> Bool {
        index + 1 < pieces.count && self.isShortNot(at: index + 1, in: pieces)
    }

    private static func isShortNot(at index: Int, in pieces: [QuestionWords.Piece]) -> Bool {
        pieces[index].text == "t" && pieces[index].followsApostrophe && index > 0
            && pieces[index - 1].text.hasSuffix("n")
    }

    private static func turn(at index: Int, in pieces: [QuestionWords.Piece]) -> String? {
        let piece = pieces[index]
        if self.isShortNot(at: index, in: pieces) { return "not" }
        if TurningWords.contractions.contains(piece.text) { return "not" }
        return TurningWords.all.contains(piece.text) ? piece.text : nil
    }

    /// Negations and numbers of scripts that put no space between words.
    private static let turningScalars = Set("不没沒無无非別别未勿莫否零一二三四五六七八九十百千万萬億亿両两ない".unicodeScalars)
}
