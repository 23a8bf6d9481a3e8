import Foundation

/// Reads the `Retry-After` header: seconds, or a date (RFC 9110, 10.2.3).
enum RetryAfter {
    /// Nobody is told to wait longer.
    static let longest = Duration.seconds(86_400)

    /// - Returns: how long to wait from `now` on, at most `longest`; `nil` when the text is neither.
    static func duration(_ text: String, now: Date) -> Duration? {
        let text = text.trimmingCharacters(in: .whitespaces)
        let seconds = Double(text) ?? Self.date(text)?.timeIntervalSince(now)
        guard let seconds, !seconds.isNaN else { return nil }
        let most = Double(Self.longest.components.seconds)
        return .seconds(min(max(seconds.rounded(.up), 0), most))
    }

    private static func date(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return formatter.date(from: text)
    }
}
