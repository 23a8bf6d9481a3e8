import CherryCore

/// The `Retry-After` field (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// A server that asks for more is asked again after this time.
    static let limit = Duration.seconds(3600)

    /// How long to wait; `nil` for what is neither a number of seconds nor a date.
    static func duration(_ text: String, now: Timestamp) -> Duration? {
        let text = text.trimmed
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !text.isEmpty {
            return Int64(text).map { min(.seconds($0), self.limit) } ?? self.limit
        }
        return self.date(text).map { min(max($0 - now, .zero), self.limit) }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads the one form that senders may write: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: Substring) -> Timestamp? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[5] == "GMT", let month = self.months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let (number, clock) = (String(month + 1), parts[4])
        let day = "\(parts[3])-\(number.utf8.count < 2 ? "0" + number : number)-\(parts[1])"
        return LogTime(text: Array("\(day)T\(clock).000000Z".utf8)[...])?.timestamp
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    fileprivate var trimmed: Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        guard let start = self.firstIndex(where: { !isSpace($0) }), let end = self.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return self[start...end]
    }
}
