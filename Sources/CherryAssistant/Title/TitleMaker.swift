import CherryBridge

/// Titles for conversations: by the model where it does well, by plain cutting where it does not.
enum TitleMaker {
    /// The longest title that is made, in characters.
    static let limit = 60

    /// The first words of what the user wrote.
    static func fallback(for text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).lazy
            .map { $0.drop { "#>*-` ".contains($0) } }
            .first { !$0.isEmpty }
        guard let line else { return "New conversation" }
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        var title = ""
        for word in words {
            if !title.isEmpty, title.count + word.count + 1 > Self.limit { return title + "…" }
            title += title.isEmpty ? String(word.prefix(Self.limit)) : " " + word
        }
        return title
    }

    /// Asks for a title in a few words.
    static func request(model: String, question: String, answer: String) -> ChatRequest {
        ChatRequest(
            model: model,
            messages: [
                ChatMessage(
                    .system,
                    "You name conversations. Answer with a title of two to six words and nothing else."
                ),
                ChatMessage(
                    .user,
                    "Question: \(question.prefix(600))\nAnswer: \(answer.prefix(600))\n\nTitle:"
                ),
            ],
            temperature: 0.2,
            maxTokens: 24
        )
    }

    /// A title from what a model answered, or `nil` when that is no title: too long, empty, or about something else.
    static func title(from answer: String, about conversation: String) -> String? {
        let line = answer.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        var title = line.trimmingPrefix(while: { " \"'“”*#".contains($0) })[...]
        if title.lowercased().hasPrefix("title:") { title = title.dropFirst(6) }
        while let last = title.last, " \"'“”*.".contains(last) { title.removeLast() }
        title = title.trimmingPrefix(while: { " \"'“”*#".contains($0) })
        let words = title.split(separator: " ")
        guard title.first?.isLetter == true || title.first?.isNumber == true, !title.contains("`") else { return nil }
        guard (1...8).contains(words.count), (3...Self.limit).contains(title.count) else { return nil }
        let known = Set(Self.stems(conversation))
        guard Self.stems(String(title)).contains(where: known.contains) else { return nil }
        return String(title)
    }

    /// Words of four letters and more, cut to five so that forms of a word meet.
    private static func stems(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }
            .filter { $0.count >= 4 }
            .map { String($0.prefix(5)) }
    }
}
