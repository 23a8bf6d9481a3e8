import CherryCore

/// Moments as Sentry's formats write them.
enum SentryTime {
    /// RFC 3339 in UTC, with milliseconds: `2026-01-31T12:00:00.000Z`.
    static func text(_ time: Timestamp) -> String {
        let ofDay = time.milliseconds - time.utcDay * Timestamp.millisecondsPerDay
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let (hour, minute) = (ofDay / 3_600_000, ofDay / 60_000 % 60)
        let (second, millisecond) = (ofDay / 1000 % 60, ofDay % 1000)
        let clock = "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2)).\(padded(millisecond, 3))"
        return "\(Timestamp.dateText(utcDay: time.utcDay))T\(clock)Z"
    }

    /// Seconds since 1970, with milliseconds.
    static func seconds(_ time: Timestamp) -> JSONValue { .number(Double(time.milliseconds) / 1000) }

    /// Reads what `text` writes, and RFC 3339 in UTC with any fraction of a second; `nil` for anything else.
    static func parse(_ text: String) -> Timestamp? {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = Timestamp.utcDay(dateText: Array(parts[0].utf8)[...]), parts[1].hasSuffix("Z")
        else {
            return nil
        }
        let clock = parts[1].dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(clock.count) else { return nil }
        let fields = clock[0].split(separator: ":", omittingEmptySubsequences: false)
        let isDigits = { (text: Substring) in text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard fields.count == 3, fields.allSatisfy({ $0.utf8.count == 2 && isDigits($0) }),
            let hour = Int64(fields[0]), let minute = Int64(fields[1]), let second = Int64(fields[2]),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var milliseconds: Int64 = 0
        if clock.count == 2 {
            guard (1...9).contains(clock[1].utf8.count), isDigits(clock[1]) else { return nil }
            let digits = String(clock[1].prefix(3))
            milliseconds = (Int64(digits) ?? 0) * [1, 100, 10, 1][digits.utf8.count]
        }
        let ofDay = ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
        return Timestamp(milliseconds: day * Timestamp.millisecondsPerDay + ofDay)
    }
}
