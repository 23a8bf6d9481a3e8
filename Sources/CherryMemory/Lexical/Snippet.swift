/// A part of a text around the words that were looked for.
public struct Snippet: Sendable, Hashable {
    /// The part, on one line; an ellipsis stands where the text was cut.
    public let text: String
    /// Where the words are, in UTF-16 units of `text`, in order and without overlaps.
    public let ranges: [Range<Int>]

    /// Text shown before the first word, in UTF-16 units at most.
    private static let lead = 40
    private static let ellipsis = "…"

    /// Cuts the part of `text` that shows most of the words of `query`: of equals the first.
    ///
    /// - Parameter length: how long it may be, in UTF-16 units, without the ellipses.
    public init(of text: String, matching query: String, length: Int = 160) {
        let query = LexicalQuery(query)
        let tokens = TokenList(text, for: .text)
        let hits = (0..<tokens.count).compactMap { index in
            query.match(tokens[index]).map { Hit(word: $0, place: tokens.places[index]) }
        }
        let window = Self.window(around: hits, tokens.places, length: length, of: text.utf16.count)
        self.init(of: text, window: window, hits: hits.map(\.place))
    }

    private init(of text: String, window: Range<Int>, hits: [Range<Int>]) {
        let units = text.utf16
        let start = Self.boundary(in: text, at: window.lowerBound)
        let end = max(start, Self.boundary(in: text, at: window.upperBound))
        let first = units.distance(from: units.startIndex, to: start)
        let last = units.distance(from: units.startIndex, to: end)
        let isCutBefore = first > 0
        var part = isCutBefore ? Self.ellipsis : ""
        // One space for each unit of white space, so that places stay what they are.
        for character in text[start..<end] {
            part += character.isWhitespace ? String(repeating: " ", count: character.utf16.count) : String(character)
        }
        if last < units.count { part += Self.ellipsis }
        self.text = part
        let shift = (isCutBefore ? Self.ellipsis.utf16.count : 0) - first
        self.ranges = hits.reduce(into: []) { ranges, hit in
            guard hit.lowerBound >= first, hit.upperBound <= last else { return }
            let range = hit.lowerBound + shift..<hit.upperBound + shift
            if let previous = ranges.last, range.lowerBound <= previous.upperBound, range.overlaps(previous) {
                ranges[ranges.count - 1] = previous.lowerBound..<max(previous.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
    }

    private struct Hit {
        let word: Int
        let place: Range<Int>
    }

    /// The stretch to show, from the start of a word to the end of one where that is near.
    private static func window(around hits: [Hit], _ words: [Range<Int>], length: Int, of total: Int) -> Range<Int> {
        guard total > length else { return 0..<total }
        let first = self.densest(hits, length: length - self.lead)?.place.lowerBound ?? 0
        var start = min(max(0, first - self.lead), total - length)
        // From here to the first hit there is at least one word's start: the hit's own.
        if start > 0, let word = words.first(where: { $0.lowerBound >= start }) {
            start = min(word.lowerBound, first)
        }
        let latest = min(start + length, total)
        guard latest < total else { return start..<total }
        let end = words.last { $0.upperBound <= latest && $0.upperBound > start }?.upperBound ?? latest
        return start..<(latest - end > self.lead ? latest : end)
    }

    /// The hit from which the next `length` units hold most different words.
    private static func densest(_ hits: [Hit], length: Int) -> Hit? {
        var best: Hit?
        var most = 0
        var counts: [Int: Int] = [:]
        var end = 0
        for hit in hits {
            while end < hits.count, hits[end].place.upperBound - hit.place.lowerBound <= max(length, hit.place.count) {
                counts[hits[end].word, default: 0] += 1
                end += 1
            }
            if counts.count > most { (most, best) = (counts.count, hit) }
            counts[hit.word, default: 1] -= 1
            if counts[hit.word] == 0 { counts[hit.word] = nil }
        }
        return best
    }

    /// The place of a UTF-16 offset, moved back to where a character begins.
    private static func boundary(in text: String, at offset: Int) -> String.Index {
        let index = text.utf16.index(text.startIndex, offsetBy: offset)
        return index == text.endIndex ? index : text.index(before: text.index(after: index))
    }
}
