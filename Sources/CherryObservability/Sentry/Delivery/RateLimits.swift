public import CherryCore

/// What a Sentry server has asked to be left alone with, and until when; one for each DSN.
///
/// Follows the developer documentation, "Rate Limiting": a header `X-Sentry-Rate-Limits` counts whatever the status is,
/// then `Retry-After` of a 429, then 60 seconds for a bare 429; of two limits of one category the longer holds.
public struct RateLimits: Sendable, Hashable {
    private var all: Timestamp?
    private var categories: [SentryCategory: Timestamp] = [:]

    /// No limits.
    public init() {}

    /// Takes in an answer.
    ///
    /// - Parameters:
    ///   - header: the value of `X-Sentry-Rate-Limits`.
    ///   - retryAfter: the value of `Retry-After`.
    public mutating func note(status: Int, header: String?, retryAfter: String?, now: Timestamp) {
        if let header {
            for limit in header.split(separator: ",") { self.note(limit, now: now) }
        } else if status == 429 {
            let wait = retryAfter.flatMap { Self.retryAfter($0, now: now) } ?? .seconds(60)
            self.all = Self.later(self.all, now + wait)
        }
    }

    /// When a category may be sent again; `nil` when it may be now.
    public func end(for category: SentryCategory, now: Timestamp) -> Timestamp? {
        let ends = [self.all, self.categories[category]].compactMap { $0 }.filter { $0 > now }
        return ends.max()
    }

    /// The limits that hold, in the form of the header; `nil` when there are none.
    public func header(now: Timestamp) -> String? {
        func seconds(_ end: Timestamp) -> Int64 { ((end - now).components.seconds) + 1 }
        var parts: [String] = []
        if let end = self.all, end > now { parts.append("\(seconds(end))::organization") }
        for category in SentryCategory.allCases {
            guard let end = self.categories[category], end > now else { continue }
            parts.append("\(seconds(end)):\(category.rawValue):organization")
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// One limit: `seconds:categories:scope:reason:…`. What cannot be read is passed over.
    private mutating func note(_ limit: Substring, now: Timestamp) {
        let parts = limit.filter { $0 != " " && $0 != "\t" }.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, let wait = Self.seconds(parts[0]) else { return }
        let end = now + wait
        let names = parts[1].split(separator: ";")
        guard !names.isEmpty else {
            self.all = Self.later(self.all, end)
            return
        }
        for name in names {
            guard let category = SentryCategory(rawValue: String(name)) else { continue }
            self.categories[category] = Self.later(self.categories[category], end)
        }
    }

    private static func later(_ one: Timestamp?, _ other: Timestamp) -> Timestamp { max(one ?? other, other) }

    /// A number of seconds with or without a fraction, at most a year.
    private static func seconds(_ text: some StringProtocol) -> Duration? {
        guard let first = text.utf8.first, (0x30...0x39).contains(first), let number = Double(text), number.isFinite
        else { return nil }
        return .milliseconds(Int64((min(number, 31_536_000) * 1000).rounded(.up)))
    }

    /// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func retryAfter(_ text: String, now: Timestamp) -> Duration? {
        let text = text.trimmingPrefix { $0 == " " }
        if let wait = Self.seconds(text) { return wait }
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month + 1
        let date = "\(parts[3])-\(number < 10 ? "0" : "")\(number)-\(parts[1])"
        guard let time = SentryTime.parse("\(date)T\(parts[4])Z") else { return nil }
        return max(.zero, time - now)
    }
}
