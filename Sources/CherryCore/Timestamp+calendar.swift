/// Days and months of UTC, by the proleptic Gregorian calendar.
extension Timestamp {
    public static let millisecondsPerDay: Int64 = 86_400_000

    /// Days since 1970-01-01.
    public var utcDay: Int64 {
        let (days, rest) = self.milliseconds.quotientAndRemainder(dividingBy: Self.millisecondsPerDay)
        return rest < 0 ? days - 1 : days
    }

    /// Months since January of the year 0.
    public var utcMonth: Int64 {
        let date = Self.civil(self.utcDay)
        return date.year * 12 + date.month - 1
    }

    /// The beginning of a day.
    public init(utcDay day: Int64) { self.init(milliseconds: day * Self.millisecondsPerDay) }

    /// The beginning of a month.
    public init(utcMonth month: Int64) {
        let year = month >= 0 ? month / 12 : (month - 11) / 12
        self.init(utcDay: Self.days(year: year, month: month - year * 12 + 1, day: 1))
    }

    /// The date as `2026-01-31`.
    public static func dateText(utcDay day: Int64) -> String {
        let date = self.civil(day)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let year = String(date.year)
        return
            "\(String(repeating: "0", count: max(0, 4 - year.utf8.count)))\(year)-\(two(date.month))-\(two(date.day))"
    }

    /// Reads a date such as `2026-01-31`; `nil` for anything that is none.
    public static func utcDay(dateText text: String) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let days = self.days(year: year, month: month, day: day)
        // The 31st of a month that has none reads as a day of the next.
        return self.dateText(utcDay: days) == text ? days : nil
    }

    /// Counts in eras of 400 years of 146 097 days that begin in March, so that the leap day ends a year
    /// (H. Hinnant, "chrono-compatible low-level date algorithms").
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * ofYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * march + 2) / 5 + 1)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
    }
}
