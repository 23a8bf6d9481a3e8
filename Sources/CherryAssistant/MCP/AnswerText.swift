import Synchronization

/// The text of an answer, as it grows.
final class AnswerText: Sendable {
    private let text = Mutex("")

    var value: String { self.text.withLock { $0 } }

    /// Adds a piece.
    ///
    /// - Returns: how many bytes there are now.
    func append(_ piece: String) -> Int {
        self.text.withLock { text in
            text += piece
            return text.utf8.count
        }
    }
}
