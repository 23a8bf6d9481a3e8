import CherryCore

/// Goes on with an answer that broke off: asks another model for the rest, and joins the two so that nothing stands there
/// twice and nothing is missing.
///
/// The model is asked to begin by repeating the last words. If it does, they show exactly where its text joins; if it goes
/// on at once, nothing needs to be taken away; if it starts over, what the reader has is recognised.
struct Continuation {
    /// Bytes of the last words that the model is asked to repeat.
    private static let anchorLength = 48
    /// A repetition of fewer bytes is chance, as in “had had”.
    private static let shortestOverlap = 6
    /// The same for one that begins within a word.
    private static let shortestOverlapWithinWord = 12
    /// Bytes of the end in which the beginning of a repetition is looked for.
    private static let window = 4096

    private let said: [UInt8]
    private var held: [UInt8] = []
    private var isJoined: Bool

    /// - Parameter said: what the reader has.
    init(said: String) {
        self.said = Array(said.utf8)
        self.isJoined = said.isEmpty
    }

    /// The request for the rest. Nothing of it is dropped; a limit of tokens is lowered by what was said.
    func request(from original: ChatRequest) -> ChatRequest {
        guard !self.said.isEmpty else { return original }
        var request = original
        let text = String(decoding: self.said, as: UTF8.self)
        request.messages.append(ChatMessage(.assistant, text))
        request.messages.append(
            ChatMessage(
                .user,
                """
                Your last message was cut off by a technical fault. Go on with it exactly where it ends. First repeat its \
                last words, letter by letter, which are between the lines of dashes, then go on without any remark. Do not \
                start over.
                -----
                \(self.anchor)
                -----
                """
            )
        )
        if let limit = request.maxTokens { request.maxTokens = max(1, limit - TokenEstimate.tokens(in: text)) }
        return request
    }

    /// Takes the next piece of the rest.
    ///
    /// - Returns: what the reader gets of it now.
    mutating func receive(_ piece: String) -> String {
        guard !self.isJoined else { return piece }
        self.held += piece.utf8
        return self.join(isAtEnd: false)
    }

    /// Takes the end of the rest.
    ///
    /// - Returns: what was held back until it was clear whether it is a repetition.
    mutating func finish() -> String {
        self.isJoined ? "" : self.join(isAtEnd: true)
    }

    /// The last words.
    private var anchor: String { String(decoding: self.said[self.anchorStart...], as: UTF8.self) }

    /// Where the last words begin: with a word, where there are words.
    private var anchorStart: Int {
        var start = max(0, self.said.count - Self.anchorLength)
        if start > 0, let space = self.said[start...].firstIndex(where: Self.isSpace), space + 1 < self.said.count {
            start = space + 1
        }
        while start < self.said.count, self.said[start] & 0xC0 == 0x80 { start += 1 }
        return start
    }

    private mutating func join(isAtEnd: Bool) -> String {
        var overlap: Int?
        // From the longest possible repetition, which begins where the answer begins, to the shortest.
        for start in self.starts {
            let length = self.said.count - start
            let common = min(length, self.held.count)
            guard self.held.starts(with: self.said[start..<start + common]) else { continue }
            if common < length {
                // It may yet become a repetition of this length.
                if !isAtEnd { return "" }
                continue
            }
            if overlap == nil, self.isRepetition(from: start) { overlap = length }
        }
        self.isJoined = true
        defer { self.held = [] }
        // A repetition begins and ends between characters, since what was said does.
        return String(decoding: self.held[(overlap ?? 0)...], as: UTF8.self)
    }

    /// Where a repetition may begin, rising: at the beginning, and with every character near the end.
    private var starts: [Int] {
        let near = min(max(1, self.said.count - Self.window), self.said.count)
        return [0] + self.said.indices[near...].filter { self.said[$0] & 0xC0 != 0x80 }
    }

    /// Whether what follows `start` is too much to stand there twice by chance. Not every script puts spaces between
    /// words, so every character that is not ASCII counts as a word.
    private func isRepetition(from start: Int) -> Bool {
        guard start > 0 else { return true }
        let byte = self.said[start]
        let beginsWord = byte >= 0x80 || Self.isSpace(self.said[start - 1]) != Self.isSpace(byte)
        let shortest = beginsWord ? Self.shortestOverlap : Self.shortestOverlapWithinWord
        return self.said.count - start >= shortest || start == self.anchorStart
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }
}
