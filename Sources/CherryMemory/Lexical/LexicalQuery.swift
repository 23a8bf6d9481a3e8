/// What is looked for: distinct words, the last of which may be the beginning of longer ones.
struct LexicalQuery {
    /// Words beyond this many are not looked for.
    private static let wordLimit = 32

    /// Folded UTF-8, in order.
    let words: [[UInt8]]
    /// Whether the last of `words` also stands for words that begin with it: nothing was typed after it.
    let lastIsPrefix: Bool

    init(_ text: String) {
        let tokens = TokenList(text, for: .query)
        var words: [[UInt8]] = []
        for index in 0..<tokens.count where words.count < Self.wordLimit {
            let word = Array(tokens[index])
            words.removeAll { $0 == word }  // the last place counts
            words.append(word)
        }
        self.words = words
        self.lastIsPrefix = tokens.endsInWord
    }

    /// Which of `words` a word of a text is; an exact match goes before a prefix.
    func match(_ word: ArraySlice<UInt8>) -> Int? {
        if let exact = self.words.firstIndex(where: { $0.elementsEqual(word) }) { return exact }
        guard self.lastIsPrefix, let last = self.words.last, word.starts(with: last) else { return nil }
        return self.words.count - 1
    }
}
