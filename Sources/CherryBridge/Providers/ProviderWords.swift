import CherryCore
import Foundation

/// A provider's own words, made fit to be shown: one line of limited length, without the key and without what the user
/// wrote.
struct ProviderWords: Sendable {
    /// The most that is shown.
    static let shownCharacters = 300
    /// So many bytes in common with a user's text are no coincidence.
    private static let echo = 24

    let apiKey: Secret<String>?
    let userTexts: [String]

    /// Words to append to a sentence, with a space in front; nothing when there is nothing to show.
    func quote(_ text: String?) -> String {
        guard var text, !text.isEmpty, !self.repeatsUser(text) else { return "" }
        if let key = self.apiKey?.exposed, !key.isEmpty { text = text.replacing(key, with: "[key]") }
        let clean = text.unicodeScalars.map { scalar in
            CharacterSet.controlCharacters.contains(scalar) || CharacterSet.newlines.contains(scalar)
                ? " " : String(scalar)
        }.joined()
        let short = clean.prefix(Self.shownCharacters)
        return " It says: “\(short)\(short.count < clean.count ? "…" : "")”"
    }

    private func repeatsUser(_ text: String) -> Bool {
        let said = Array(text.utf8)
        guard said.count >= Self.echo else { return self.userTexts.contains { self.isShort($0, within: text) } }
        let windows = Set((0...(said.count - Self.echo)).map { said[$0..<($0 + Self.echo)] })
        return self.userTexts.contains { own in
            let bytes = Array(own.utf8)
            guard bytes.count >= Self.echo else { return self.isShort(own, within: text) }
            return (0...(bytes.count - Self.echo)).contains { windows.contains(bytes[$0..<($0 + Self.echo)]) }
        }
    }

    /// Whether a text too short to be compared in parts is repeated as a whole. Two or three letters are everywhere.
    private func isShort(_ own: String, within text: String) -> Bool {
        let own = own.trimmingCharacters(in: .whitespacesAndNewlines)
        return own.count >= 4 && text.contains(own)
    }
}
